import { describe, expect, it } from "vitest";
import { gigabyte, writeBytes } from "./bytes";
import { amountOf, draftOf, fillOf, requestOf } from "./quota";

describe("how full a quota is", () => {
  it.each([[0, 10, 0, "calm"], [7, 10, 0.7, "calm"], [8, 10, 0.8, "near"], [10, 10, 1, "full"], [15, 10, 1, "full"], [0, 0, 1, "full"], [15, null, 0, "calm"]] as const)("%s of %s", (used, limit, share, fill) => {
    expect(fillOf({ used, limit })).toEqual({ share, fill });
  });
});

describe("a plan", () => {
  it("is typed in gigabytes, and nothing is no limit", () => {
    const draft = draftOf({ name: "free", features: [], requestsPerDay: 200, storageBytes: 1.5 * gigabyte, bandwidthBytesPerMonth: null });
    expect(draft).toEqual({ requests: "200", storage: "1.5", bandwidth: "" });
    expect(requestOf(draft)).toEqual({ requestsPerDay: 200, storageBytes: 1.5 * gigabyte, bandwidthBytesPerMonth: null });
  });

  it("names what is no amount", () => {
    expect(requestOf({ requests: "1.5", storage: "", bandwidth: "" })).toBe("requests");
    expect(requestOf({ requests: "", storage: "-1", bandwidth: "" })).toBe("storage");
    expect(requestOf({ requests: "", storage: "", bandwidth: "much" })).toBe("bandwidth");
    expect(amountOf("0", 1)).toBe(0);
  });
});

describe("bytes", () => {
  it.each([[0, "0 bytes"], [1023, "1,023 bytes"], [1024, "1 kB"], [1536, "1.5 kB"], [20 * gigabyte, "20 GB"], [1024 ** 5, "1,024 TB"]])("%d is %s", (bytes, written) => {
    expect(writeBytes(bytes, "en")).toBe(written);
  });
});
