import { describe, expect, it } from "vitest";
import { plain, score } from "./rank";

const best = (words: string, titles: string[]): string | undefined => titles.map((t) => ({ t, s: score(words, t) })).filter((x) => x.s > 0).sort((a, b) => b.s - a.s)[0]?.t;

describe("palette search", () => {
  it("finds nothing where a word is missing", () => {
    expect(score("spring invoice", "Plan the spring collection")).toBe(0);
  });

  it("puts the start of a title before the start of a word before its middle", () => {
    expect(best("plan", ["Explanation of terms", "Our plan", "Plan the spring"])).toBe("Plan the spring");
    expect(best("plan", ["Explanation of terms", "Our plan"])).toBe("Our plan");
  });

  it("ignores accents and case in every language", () => {
    expect(plain("Ngôn Ngữ Đà Nẵng")).toBe("ngon ngu da nang");
    expect(score("ngon ngu", "Đổi ngôn ngữ")).toBeGreaterThan(0);
    expect(score("ЕЩЕ", "ещё раз")).toBeGreaterThan(0);
    expect(score("محادثه", "مُحَادَثَة")).toBe(0);
    expect(score("محادثة", "مُحَادَثَة")).toBeGreaterThan(0);
  });

  it("finds letters in order, below everything else", () => {
    expect(score("nwcnv", "New conversation")).toBeGreaterThan(0);
    expect(score("nwcnv", "New conversation")).toBeLessThan(score("new", "New conversation"));
    expect(score("nw", "New conversation")).toBe(0);
  });

  it("finds by hidden words, with less weight than by the title", () => {
    expect(score("dark", "Switch the theme", "dark light")).toBeGreaterThan(0);
    expect(score("dark", "Dark side", "")).toBeGreaterThan(score("dark", "Switch the theme", "dark light"));
  });
});
