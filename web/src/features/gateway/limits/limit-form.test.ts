import { describe, expect, it } from "vitest";
import type { Limit } from "@/shared/api/types";
import { amountOf, draftOf, emptyLimit, requestOf } from "./limit-form";

describe("the amount of a limit", () => {
  it.each([["2.5", "cost", 2_500_000], ["0.000184", "cost", 184], ["100", "requests", 100], ["0", "tokens", 0]] as const)("%s of %s is %d", (amount, meter, value) => {
    expect(amountOf({ amount, meter })).toBe(value);
  });
  it.each([["", "cost"], ["  ", "tokens"], ["-1", "requests"], ["1.5", "requests"], ["many", "tokens"], ["1e30", "cost"]] as const)("%j of %s is none", (amount, meter) => {
    expect(amountOf({ amount, meter })).toBeNull();
  });
});

describe("a limit's form", () => {
  it("asks for what the server takes", () => {
    expect(requestOf({ ...emptyLimit, kind: "route", subject: " smart " }, 7)).toEqual({ subjectKind: "route", subject: "smart", meter: "cost", window: "month", amount: 7, action: "stop" });
    expect(requestOf({ ...emptyLimit, subject: "left over" }, 7).subject).toBeNull();
  });

  it("gives calls at the same time no window, and only stops them", () => {
    expect(requestOf({ ...emptyLimit, meter: "streams", action: "warn" }, 4)).toMatchObject({ window: "none", action: "stop" });
  });

  it("gives back what it was filled with", () => {
    const limit: Limit = { id: "l1", subjectKind: "key", subject: "k1", subjectName: null, meter: "cost", window: "day", amount: 1_250_000, action: "warn", windowStart: "", spent: 0, held: 0, createdAt: "", version: 3 };
    expect(draftOf(limit)).toMatchObject({ meter: "cost", window: "day", amount: "1.25", action: "warn" });
  });
});
