import { describe, expect, it } from "vitest";
import { pageOf } from "./other-model";

describe("where a licence can be read", () => {
  it.each([
    ["hf:owner/repository/file.gguf", "https://huggingface.co/owner/repository"],
    ["https://example.org/models/a.gguf", "https://example.org"],
    ["http://example.org/a.gguf", null],
    ["javascript:alert(1)", null],
    ["https://", null],
    ["qwen3-0.6b", null],
  ])("of %s is %s", (source, page) => expect(pageOf(source)).toBe(page));
});
