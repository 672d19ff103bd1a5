import { describe, expect, it } from "vitest";
import { markdown } from "./parser";
import { plainText, sentencesOf } from "./plain";

describe("plainText", () => {
  it("leaves out what cannot be said", () => {
    expect(plainText("# Plan\n\nUse **bold** and [a link](https://example.org).\n\n```js\nlet a\n```\n\n- one\n- two")).toBe("Plan\nUse bold and a link.\none\ntwo");
  });
});

describe("sentencesOf", () => {
  it("cuts into sentences and drops lone signs", () => {
    expect(sentencesOf("Hello there. How are you?\n—", "en")).toEqual(["Hello there.", "How are you?"]);
  });

  it("cuts what is too long for one request, losing nothing", () => {
    const long = "word ".repeat(1_000).trim();
    const pieces = sentencesOf(long, "en");
    expect(pieces.every((p) => p.length <= 1_500)).toBe(true);
    expect(pieces.join(" ")).toBe(long);
  });
});

describe("formulas", () => {
  const html = (source: string) => markdown.parse(source, { async: false });

  it("are kept as they were written, whatever Markdown would make of them", () => {
    expect(html("so $a_1 * b_2 * c$ holds")).toContain('<code class="math-inline">a_1 * b_2 * c</code>');
    expect(html("$$\n\\int_0^1 x^2\n$$")).toContain('<pre class="math-block"><code>\\int_0^1 x^2</code></pre>');
    expect(html("\\(x\\) and \\[y\\]")).toContain('<code class="math-inline">x</code>');
  });

  it("are not seen in two prices", () => {
    expect(html("between $5 and $10 a month")).not.toContain("math");
  });

  it("cannot carry markup", () => {
    expect(html("$a<img src=x>b$")).toContain("&lt;img");
  });
});
