// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { markdown } from "./parser";
import { sanitise } from "./sanitise";

const render = (source: string): HTMLElement => {
  const host = document.createElement("div");
  host.append(sanitise(markdown.parse(source, { async: false }), (name) => `Open image from ${name}`));
  return host;
};

// happy-dom makes the purifier useless, so these run in jsdom here and again in the real browser.
const attacks = readFileSync("../tests/hostile-markup.txt", "utf8").trimEnd().split("\n");

/** Pieces of the attacks in any order, the same ones each time: parsers break where things meet that were not meant to. */
function* mixtures(count: number): Generator<string> {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const pieces = attacks.flatMap((attack) => [attack, ...attack.split(/(?=[<>"'`[\]()$|])/)]);
  const between = ["", "\n", "\n\n", " ", "\n> ", "\n- ", "\n    ", "<!--", "```", "**", "\\"];
  for (let i = 0; i < count; i++) yield Array.from({ length: 2 + random(10) }, () => pieces[random(pieces.length)]! + between[random(between.length)]!).join("");
}

function expectHarmless(host: HTMLElement): void {
  expect(host.querySelector("script, style, iframe, object, embed, form, base, meta, link, svg, math, img, video, template, button, textarea")).toBeNull();
  for (const element of host.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) {
      expect(name.startsWith("on"), `${element.tagName} ${name}`).toBe(false);
      expect(name).not.toBe("style");
      if (name === "href") expect(element.getAttribute(name)).toMatch(/^(https?:|mailto:|tel:|#|\/(?!\/))/);
    }
  }
}

describe("sanitise", () => {
  it.each(attacks)("disarms %s", (attack) => expectHarmless(render(attack)));

  it("disarms what is made of their pieces", () => {
    for (const mixture of mixtures(400)) expectHarmless(render(mixture));
  });

  it("keeps what people write", () => {
    const host = render("# T\n\n**b** _i_ `c` [l](https://example.org) ~~s~~\n\n- [x] done\n\n| a |\n|---|\n| 1 |");
    expect(host.querySelector("h1")!.textContent).toBe("T");
    expect(host.querySelector("a")!.rel).toBe("noopener noreferrer nofollow");
    expect(host.querySelector("input")!.disabled).toBe(true);
    expect(host.querySelector(".table-frame table")).not.toBeNull();
    expect(host.querySelector("p")!.dir).toBe("auto");
    expect(host.querySelector("code")!.dir).toBe("ltr");
  });

  it("runs a list and a table in the direction of their words", () => {
    const host = render("- [x] done\n\n1. أولاً\n\n| السعر |\n|---|\n| ١٫٢ |\n\n| 1 |\n|---|\n| 2 |");
    expect(host.querySelector("ul")!.dir).toBe("ltr");
    expect(host.querySelector("ol")!.dir).toBe("rtl");
    expect([...host.querySelectorAll("table")].map((table) => table.dir)).toEqual(["rtl", ""]);
    expect(host.querySelector("td")!.dir).toBe("");
  });

  it("never loads images of other servers: a link names the server and opens them elsewhere", () => {
    const host = render("Look: ![a cat](https://tracker.example:8443/cat.png?who=me) there");
    expect(host.querySelector("img")).toBeNull();
    const link = host.querySelector<HTMLAnchorElement>("a.image-link")!;
    expect(link.textContent).toBe("a catOpen image from \u2066tracker.example:8443\u2069");
    expect([link.href, link.target, link.rel]).toEqual(["https://tracker.example:8443/cat.png?who=me", "_blank", "noopener noreferrer nofollow"]);
  });

  it("shows the true name of a server that looks like another", () => {
    expect(render("![x](https://раураl.example/x.png)").querySelector("a.image-link")!.textContent).toContain("xn--");
  });

  it("keeps a link around an image apart from the image's own", () => {
    const host = render("[![badge](https://img.example/b.svg)](https://project.example/) [![](https://img.example/c.svg)](https://other.example/)");
    expect([...host.querySelectorAll("a")].map((a) => `${a.hostname} ${a.className}`)).toEqual(["project.example ", "img.example image-link", "other.example ", "img.example image-link"]);
    expect(host.querySelector("a a")).toBeNull();
    expect([...host.querySelectorAll("a:not(.image-link)")].map((a) => a.textContent)).toEqual(["badge", "https://other.example/"]);
  });

  it("leaves the words of an image that has no address to open", () => {
    const host = render("![a drawing](data:image/png;base64,AAAA)");
    expect(host.querySelector("a, img")).toBeNull();
    expect(host.textContent.trim()).toBe("a drawing");
  });
});
