import { describe, expect, it } from "vitest";
import { microsOf, typed, written } from "./amount";

describe("an amount", () => {
  it.each([
    ["0.40", "input", 400_000], ["1.6", "output", 1_600_000], ["0,125", "cachedInput", 125_000], ["15", "output", 15_000_000], [" 3. ", "input", 3_000_000],
    [".5", "input", 500_000], ["0", "input", 0], ["0.000001", "audioSecond", 1], ["0.0400", "image", 40_000], ["0.1000000", "request", 100_000],
    ["1000000", "input", 1_000_000_000_000], ["٠٫٤", "input", 400_000], ["15.00", "character", 15],
  ] as const)("%j of %s is %d of the server's units", (text, name, micros) => {
    expect(microsOf(text, name)).toBe(micros);
  });

  it.each([
    ["", "input"], ["  ", "input"], [".", "input"], ["-1", "input"], ["much", "output"], ["1e3", "input"], ["1.2.3", "input"], ["0.0000001", "input"],
    ["1,000", "input"], ["12,500", "output"], ["1000000.01", "input"], ["15.5", "character"],
  ] as const)("%j of %s is none", (text, name) => {
    expect(microsOf(text, name)).toBeNull();
  });

  it.each([[400_000, "input"], [1, "audioSecond"], [1_125_000, "output"], [15, "character"], [999_999_999_999, "input"]] as const)("%d of %s comes back as it went", (micros, name) => {
    expect(microsOf(typed(micros, name), name)).toBe(micros);
  });

  it("is shown with all its decimals", () => {
    expect(written(400_000, "input", "en")).toBe("0.40");
    expect(written(1_125_000, "output", "en")).toBe("1.125");
    expect(written(184, "audioSecond", "en")).toBe("0.000184");
    expect(written(15, "character", "en")).toBe("15.00");
    expect(written(400_000, "input", "ar")).toContain("0.40");
  });

  it("is typed without a small number's exponent", () => {
    expect(typed(1, "request")).toBe("0.000001");
    expect(typed(400_000, "input")).toBe("0.4");
  });
});
