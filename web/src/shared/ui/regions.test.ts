import { afterEach, describe, expect, it } from "vitest";
import { cycleRegions } from "./regions";

const page = (html: string): void => { document.body.innerHTML = html; };
const here = (): string => document.activeElement?.id ?? "";
const go = (...steps: (1 | -1)[]): string[] => steps.map((step) => { cycleRegions(step); return here(); });

const shell = `
  <nav data-region><a id="today" href="/">Today</a><a id="chat" href="/chat" aria-current="page">Chat</a></nav>
  <main data-region id="content" tabindex="-1">
    <aside data-region><button id="new">New</button></aside>
    <section data-region><button id="model">Model</button><textarea id="words" data-region-start></textarea></section>
  </main>
  <aside data-region><button id="fold">Fold</button></aside>`;

afterEach(() => page(""));

describe("the regions of the shell", () => {
  it("are gone round in reading order, each entered where it begins", () => {
    page(shell);
    expect(go(1, 1, 1, 1, 1)).toEqual(["chat", "new", "words", "fold", "chat"]);
  });

  it("are gone round backwards too", () => {
    page(shell);
    expect(go(-1, -1, -1, -1, -1)).toEqual(["fold", "words", "new", "chat", "fold"]);
  });

  it("are entered again where they were left", () => {
    page(shell);
    document.getElementById("model")!.focus();
    expect(go(1, -1, 1)).toEqual(["fold", "model", "fold"]);
    document.getElementById("model")!.remove();
    expect(go(-1)).toEqual(["words"]);
  });

  it("take the focus themselves where nothing in them can", () => {
    page('<main data-region id="content" tabindex="-1"><h1>Hello</h1></main>');
    expect(go(1)).toEqual(["content"]);
  });

  it("stay behind a dialog", () => {
    page(`${shell}<dialog open><button id="inside">OK</button></dialog>`);
    document.getElementById("inside")!.focus();
    expect(go(1, -1)).toEqual(["inside", "inside"]);
  });
});
