import { describe, expect, it } from "vitest";
import { filesOf, longestPaste } from "./pasted";

const data = (text: string, files: File[] = []) => ({ files, getData: () => text }) as unknown as DataTransfer;

describe("filesOf", () => {
  it("leaves short text to the box", () => {
    expect(filesOf(data("x".repeat(longestPaste)), "pasted")).toBeNull();
    expect(filesOf(null, "pasted")).toBeNull();
  });

  it("makes a file of long text and keeps the text for taking it back", async () => {
    const long = "x".repeat(longestPaste + 1);
    const brought = filesOf(data(long), "pasted text");
    expect(brought?.text).toBe(long);
    expect(brought?.files[0]?.name).toBe("pasted text.txt");
    expect(await brought?.files[0]?.file.text()).toBe(long);
  });

  it("takes files as they are, whatever text comes with them", () => {
    const brought = filesOf(data("a".repeat(9_000), [new File(["x"], "a.png", { type: "image/png" })]), "pasted");
    expect(brought).toMatchObject({ text: null, files: [{ name: "a.png" }] });
  });
});
