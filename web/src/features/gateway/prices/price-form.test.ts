import { describe, expect, it } from "vitest";
import type { Price } from "@/shared/api/types";
import { amountFaults, draftOf, emptyPrice, hasAmount, lineOf, localText, momentOf, patternFault, type PriceDraft } from "./price-form";

const price: Price = {
  id: "p1", pattern: "harbour/*", version: 2, inForce: true, inputMicros: 400_000, outputMicros: 1_600_000, cachedInputMicros: 100_000, cacheWriteMicros: null,
  reasoningMicros: null, requestMicros: 0, imageMicros: null, audioSecondMicros: null, characterMicros: 15, validFrom: "2026-11-01T08:00:12.345678Z", ended: false,
};
const draft = (amounts: Partial<PriceDraft["amounts"]>): PriceDraft => ({ ...emptyPrice, pattern: " harbour/small ", amounts: { ...emptyPrice.amounts, ...amounts } });
const now = new Date("2026-11-21T10:00:00Z");

describe("a price's form", () => {
  it("asks for what the server takes", () => {
    expect(lineOf(draft({ input: "0.40", image: "0.04" }), null)).toEqual({
      pattern: "harbour/small", inputMicros: 400_000, outputMicros: 0, cachedInputMicros: null, cacheWriteMicros: null, reasoningMicros: null, requestMicros: 0,
      imageMicros: 40_000, audioSecondMicros: null, characterMicros: null, validFrom: null,
    });
  });

  it("begins with what counts, from now on", () => {
    const begun = draftOf(price, false);
    expect(begun).toMatchObject({ pattern: "harbour/*", when: "now", amounts: { input: "0.4", output: "1.6", cachedInput: "0.1", reasoning: "", request: "", character: "15" } });
    expect(lineOf(begun, null)).toMatchObject({ inputMicros: 400_000, outputMicros: 1_600_000, cachedInputMicros: 100_000, characterMicros: 15 });
  });

  it("asks for amounts anew where a price has ended", () => {
    expect(hasAmount(draftOf({ ...price, inputMicros: 0, outputMicros: 0, ended: true }, false).amounts)).toBe(false);
  });

  it("finds amounts that cannot be read, and takes no price for one that was not given", () => {
    expect(amountFaults(draft({ input: "a lot", output: "2", character: "1.5" }).amounts)).toEqual(["input", "character"]);
    expect(hasAmount(draft({ cachedInput: " " }).amounts)).toBe(false);
    expect(hasAmount(draft({ input: "0" }).amounts)).toBe(true);
  });

  it.each([["harbour/small", null], ["harbour/*", null], ["*", null], ["", "empty"], ["  ", "empty"], ["*/small", "invalid"], ["two words", "invalid"], ["a**", "invalid"]] as const)("of the pattern %j says %s", (pattern, fault) => {
    expect(patternFault(pattern)).toBe(fault);
  });
});

describe("the moment a price begins", () => {
  it("is now, or one to come", () => {
    expect(momentOf({ when: "now", at: "", kept: null }, now)).toBeNull();
    const later = new Date("2026-12-01T00:00:00Z");
    expect(momentOf({ when: "date", at: localText(later), kept: null }, now)).toBe(later.toISOString());
  });

  it("is none when it is over or not given", () => {
    expect(momentOf({ when: "date", at: localText(new Date("2026-11-20T10:00:00Z")), kept: null }, now)).toBeUndefined();
    expect(momentOf({ when: "date", at: "", kept: null }, now)).toBeUndefined();
  });

  it("stays to the microsecond where a planned price is changed", () => {
    const { when, at, kept } = draftOf({ ...price, validFrom: "2026-12-01T08:00:12.345678Z" }, true);
    expect(when).toBe("date");
    expect(momentOf({ when, at, kept }, now)).toBe("2026-12-01T08:00:12.345678Z");
  });
});
