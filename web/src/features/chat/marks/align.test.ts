import { describe, expect, it } from "vitest";
import { alignWords, rangeOf, stretchOf } from "./align";

function page(html: string): HTMLElement {
  const host = document.createElement("div");
  host.innerHTML = html;
  document.body.replaceChildren(host);
  return host;
}
function shown(host: HTMLElement, source: string, start: number, end: number): string | null {
  const stretch = stretchOf(alignWords(host, source), start, end);
  if (!stretch) return null;
  const range = document.createRange();
  range.setStart(stretch.start.node, stretch.start.offset);
  range.setEnd(stretch.end.node, stretch.end.offset);
  return range.toString();
}

describe("a range of a message on its page", () => {
  it("is the same words, however they are dressed", () => {
    const source = "The **old** [lighthouse](https://example.org/lighthouse) opens `at two` 🗼 today.";
    const host = page('<p>The <strong>old</strong> <a href="#">lighthouse</a> opens <code>at two</code> 🗼 today.</p>');
    for (const words of ["old", "lighthouse", "opens", "two", "🗼", "today"]) {
      const at = source.indexOf(words);
      expect(shown(host, source, at, at + words.length)).toBe(words);
    }
    expect(shown(host, source, source.indexOf("old"), source.indexOf("opens") + 5)).toBe("old lighthouse opens");
  });

  it("goes over list items, and is nothing where its words are not shown", () => {
    const source = "- one\n- two\n\n$$x^2$$\n\nthree";
    const host = page("<ul><li>one</li><li>two</li></ul><div></div><p>three</p>");
    expect(shown(host, source, 2, source.indexOf("two") + 3)).toBe("onetwo");
    expect(shown(host, source, source.indexOf("x^2"), source.indexOf("x^2") + 3)).toBeNull();
    expect(shown(host, source, source.indexOf("three"), source.length)).toBe("three");
  });

  it("takes the second of two equal words when it is the second", () => {
    const source = "**two** and two";
    const host = page("<p><strong>two</strong> and two</p>");
    const range = document.createRange();
    const last = host.querySelector("p")!.lastChild!;
    range.setStart(last, 5);
    range.setEnd(last, 8);
    expect(rangeOf(alignWords(host, source), range)).toEqual({ start: 12, end: 15 });
  });

  it("is found from a selection in the middle of words", () => {
    const source = "Das *Leuchtfeuer* brennt.";
    const host = page("<p>Das <em>Leuchtfeuer</em> brennt.</p>");
    const range = document.createRange();
    range.setStart(host.querySelector("em")!.firstChild!, 6);
    range.setEnd(host.querySelector("p")!.lastChild!, 4);
    const found = rangeOf(alignWords(host, source), range)!;
    expect(source.slice(found.start, found.end)).toBe("feuer* bre");
  });
});
