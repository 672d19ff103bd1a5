import { describe, expect, it } from "vitest";
import type { Template } from "@/shared/api/types";
import { fillIn, findTemplates, placesOf, standardValues } from "./fill";

const template = (id: string, name: string, about = ""): Template => ({ id, name, about, origin: "built-in", trade: "life", body: "", variables: [], shared: true, canEdit: false });

describe("a prompt's places", () => {
  it("are found once each and filled in", () => {
    expect(placesOf("{{a}} and {{b_2}} and {{a}}, not {{ c }} or {{D}}")).toEqual(["a", "b_2"]);
    expect(fillIn("{{a}} and {{b}}", { a: " {{b}} $& ", b: "x" })).toBe("{{b}} $& and x");
    expect(fillIn("{{unknown}}", {})).toBe("{{unknown}}");
  });

  it("begin with what was set for them, a choice with its first", () => {
    expect(standardValues([
      { name: "a", label: "A", kind: "text", choices: null, standard: "Riga" },
      { name: "b", label: "B", kind: "choice", choices: ["one", "two"], standard: null },
      { name: "c", label: "C", kind: "long", choices: null, standard: null },
    ])).toEqual({ a: "Riga", b: "one", c: "" });
  });
});

describe("finding a prompt", () => {
  const all = [template("x", "Look at data", "what the numbers say"), template("translation", "Dịch"), template("y", "Weekly review"), template("z", "Đánh giá"), template("r", "Review of code")];
  const found = (words: string): string[] => findTemplates(all, words).map((t) => t.name);
  it("prefers the beginning of the name, then of a word, then what it is about", () => {
    expect(found("review")).toEqual(["Review of code", "Weekly review"]);
    expect(found("numbers")).toEqual(["Look at data"]);
    expect(found("")).toHaveLength(5);
    expect(found("nothing")).toEqual([]);
  });
  it("does without accents, and knows the English name of what comes with the program", () => {
    expect(found("dich")).toEqual(["Dịch"]);
    expect(found("danh")).toEqual(["Đánh giá"]);
    expect(found("trans")).toEqual(["Dịch"]);
  });
});
