import { describe, expect, it } from "vitest";
import type { CallAttempt } from "@/shared/api/types";
import { amountsFor } from "@/shared/i18n/amounts";
import { fillOf } from "../limits/meter";
import { spanOf } from "./attempts";

const attempt = (startMs: number, headersMs: number | null, status: number | null, error: string | null): CallAttempt => ({ modelId: "a/b", startMs, headersMs, status, error, hedge: false });

describe("the time of an attempt", () => {
  const attempts = [attempt(0, null, null, "gateway.upstream_timeout"), attempt(400, 100, 503, "gateway.upstream_error"), attempt(600, 200, 200, null)];

  it("ends with the next, with its own answer, or with the call", () => {
    expect(spanOf(attempts, 0, 1_000)).toEqual({ from: 0, until: 0.4 });
    expect(spanOf(attempts, 1, 1_000)).toEqual({ from: 0.4, until: 0.5 });
    expect(spanOf(attempts, 2, 1_000)).toEqual({ from: 0.6, until: 1 });
  });

  it("stays inside a call whose end is not known yet", () => {
    expect(spanOf(attempts, 2, 0).until).toBe(1);
    expect(spanOf([attempt(5, null, null, null)], 0, 0).from).toBeLessThanOrEqual(1);
  });
});

describe("amounts", () => {
  const amounts = amountsFor("en");
  it.each([[null, "–"], [0.2, "<1 ms"], [950, "950 ms"], [1_236, "1.24 s"], [61_000, "61 s"], [600_000, "10 min"]])("%s ms is %s", (value, words) => {
    expect(amounts.ms(value)).toBe(words);
  });
  it.each([[0, "0"], [184, "0.000184"], [38_204, "0.0382"], [1_284_310, "1.28"], [5_000_000, "5.00"]])("%d millionths are %s", (micros, words) => {
    expect(amounts.cost(micros)).toBe(words);
  });
  it("keep Latin digits in Arabic", () => {
    expect(amountsFor("ar").short(12_345)).toMatch(/[0-9]/);
    expect(amountsFor("ar").percent(1, 4)).toMatch(/25/);
  });
  it("know a share of nothing", () => {
    expect(amounts.percent(0, 0)).toBe("0%");
    expect(amounts.percent(1, 200)).toBe("0.5%");
  });
});

describe("how full a limit is", () => {
  const limit = { amount: 100, spent: 50, held: 20, action: "stop" as const };
  it("counts what is set aside", () => {
    expect(fillOf(limit)).toEqual({ spent: 0.5, held: 0.2, fill: "calm" });
    expect(fillOf({ ...limit, held: 30 }).fill).toBe("near");
    expect(fillOf({ ...limit, held: 90 })).toEqual({ spent: 0.5, held: 0.5, fill: "full" });
  });
  it("is never more than full, and a limit that only warns never stops", () => {
    expect(fillOf({ ...limit, spent: 500, action: "warn" })).toEqual({ spent: 1, held: 0, fill: "near" });
    expect(fillOf({ ...limit, amount: 0, spent: 0, held: 0 })).toEqual({ spent: 1, held: 0, fill: "full" });
  });
});
