import { describe, expect, it } from "vitest";
import { BlockSplitter, type Block } from "./blocks";

const text = "# Title\n\nA paragraph with **bold**\nover two lines.\n\n- one\n- two\n\n- three\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd.";

const content = ({ html, code }: Block) => (code ? `${code.language}: ${code.text}` : html);
const read = (source: string) => new BlockSplitter().read(source, true).map(content);

describe("BlockSplitter", () => {
  it("finds the same blocks however the text was cut", () => {
    const whole = read(text);
    expect(whole).toHaveLength(6);
    for (const step of [1, 3, 7, 50]) {
      const splitter = new BlockSplitter();
      for (let end = step; end < text.length; end += step) splitter.read(text.slice(0, end), false);
      expect(splitter.read(text, true).map(content)).toEqual(whole);
    }
  });

  it("keeps closed blocks identical while the tail grows", () => {
    const splitter = new BlockSplitter();
    const before = splitter.read("First.\n\nSecond.\n\nThi", false);
    const after = splitter.read("First.\n\nSecond.\n\nThird is longer", false);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
    expect(after.map((b) => b.closed)).toEqual([true, true, false]);
  });

  it("keeps blank lines inside an open code fence in one block", () => {
    const blocks = new BlockSplitter().read("```py\na\n\nb", false);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]!.closed).toBe(false);
  });

  it("starts anew when the text is another one", () => {
    const splitter = new BlockSplitter();
    splitter.read("Old one.\n\nOld two.\n\nOld three.", true);
    expect(splitter.read("New.", true).map(content)).toEqual(["<p>New.</p>\n"]);
  });

  it("finds the address of a link wherever it stands", () => {
    const splitter = new BlockSplitter();
    splitter.read("See [the notes][1].\n\nMore.\n\n[1]: https://exam", false);
    expect(splitter.read("See [the notes][1].\n\nMore.\n\n[1]: https://example.org", true).map(content)[0]).toContain('href="https://example.org"');
  });

  it("reads lines that end as on Windows", () => {
    const source = "One.\r\n\r\nTwo\r\nlines.\r\n\r\n```\r\na\r\n```\r\n";
    const splitter = new BlockSplitter();
    for (let end = 1; end < source.length; end++) splitter.read(source.slice(0, end), false);
    expect(splitter.read(source, true).map(content)).toEqual(read(source.replaceAll("\r", "")));
  });
});
