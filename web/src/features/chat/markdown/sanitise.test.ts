// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { marked } from "marked";
import { sanitise } from "./sanitise";

const render = (markdown: string): HTMLElement => {
  const host = document.createElement("div");
  host.append(sanitise(marked.parse(markdown, { async: false }), (name) => `Open image from ${name}`));
  return host;
};

// happy-dom makes the purifier useless, so these run in jsdom here and again in the real browser.
const attacks = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
  "[click](javascript:alert(1))",
  "[click](JaVaScRiPt:alert(1))",
  "[click](java\tscript:alert(1))",
  "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[click](vbscript:msgbox(1))",
  "![x](javascript:alert(1))",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<object data='javascript:alert(1)'></object>",
  "<embed src='javascript:alert(1)'>",
  "<form action='https://evil.example'><input name=password><button>Go</button></form>",
  "<a href='https://ok.example' onclick='alert(1)'>x</a>",
  "<base href='https://evil.example'>",
  "<meta http-equiv=refresh content='0;url=https://evil.example'>",
  "<link rel=stylesheet href='https://evil.example/x.css'>",
  "<style>@import 'https://evil.example/x.css'</style>",
  "<p style='background:url(https://evil.example/p.png)'>x</p>",
  "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
  "<textarea></textarea><img src=x onerror=alert(1)>",
  "<details open ontoggle=alert(1)>x</details>",
  "<video><source onerror=alert(1)></video>",
  "<template><script>alert(1)</script></template>",
  "<x id=a tabindex=1 onfocus=alert(1)>x</x>",
  "<a href='//evil.example'>x</a>",
];

describe("sanitise", () => {
  it.each(attacks)("disarms %s", (attack) => {
    const host = render(attack);
    expect(host.querySelector("script, style, iframe, object, embed, form, base, meta, link, svg, math, img, video, template, button, textarea")).toBeNull();
    for (const element of host.querySelectorAll("*")) {
      for (const name of element.getAttributeNames()) {
        expect(name.startsWith("on"), `${element.tagName} ${name}`).toBe(false);
        expect(name).not.toBe("style");
        if (name === "href") expect(element.getAttribute(name)).toMatch(/^(https?:|mailto:|tel:|#|\/(?!\/))/);
      }
    }
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
