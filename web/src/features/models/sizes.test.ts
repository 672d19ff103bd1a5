import { describe, expect, it } from "vitest";
import { sizeFor } from "./sizes";

describe("sizes", () => {
  it.each([[0, "0 B"], [999, "999 B"], [1_500, "1.5 kB"], [639_446_688, "639 MB"], [18_556_684_320, "19 GB"], [2_497_280_256, "2.5 GB"], [-5, "0 B"]])("%s bytes are %s", (bytes, text) => {
    expect(sizeFor(bytes, "en")).toBe(text);
  });

  it("follow the language's way with fractions", () => {
    expect(sizeFor(2_497_280_256, "ru")).toBe("2,5 GB");
  });
});
