import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/error";
import { dismissProof, proofGiven, useProofQuestion, withProof } from "./proof";

const refusal = () => new ApiError({ status: 403, code: "accounts.proof_needed", title: "Forbidden" });
const asked = (): boolean => useProofQuestion.getState().question !== null;

beforeEach(dismissProof);

describe("a dangerous act", () => {
  it("is done without a question while the proof is fresh", async () => {
    await expect(withProof(() => Promise.resolve("done"))).resolves.toBe("done");
    expect(asked()).toBe(false);
  });

  it("is done again once the person has confirmed that it is them", async () => {
    const act = vi.fn<() => Promise<string>>().mockRejectedValueOnce(refusal()).mockResolvedValueOnce("done");
    const result = withProof(act);
    await vi.waitFor(() => expect(asked()).toBe(true));
    expect(act).toHaveBeenCalledOnce();
    proofGiven();
    await expect(result).resolves.toBe("done");
    expect(asked()).toBe(false);
  });

  it("stays undone when they close the question", async () => {
    const act = vi.fn<() => Promise<string>>().mockRejectedValue(refusal());
    const result = withProof(act);
    await vi.waitFor(() => expect(asked()).toBe(true));
    dismissProof();
    await expect(result).rejects.toMatchObject({ code: "accounts.proof_needed" });
    expect(act).toHaveBeenCalledOnce();
  });

  it("shares its question with another at the same time", async () => {
    const acts = [1, 2].map((n) => vi.fn<() => Promise<number>>().mockRejectedValueOnce(refusal()).mockResolvedValueOnce(n));
    const results = Promise.all(acts.map((act) => withProof(act)));
    await vi.waitFor(() => expect(asked()).toBe(true));
    await new Promise((resolve) => setTimeout(resolve));
    proofGiven();
    await expect(results).resolves.toEqual([1, 2]);
  });

  it("asks nothing when it is refused for another reason", async () => {
    await expect(withProof(() => Promise.reject(new ApiError({ status: 409, code: "accounts.two_factor_on", title: "Conflict" })))).rejects.toMatchObject({ code: "accounts.two_factor_on" });
    expect(asked()).toBe(false);
  });
});
