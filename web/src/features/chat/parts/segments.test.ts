import { describe, expect, it } from "vitest";
import type { MessagePart } from "@/shared/api/types";
import { segmentsOf } from "./segments";

const part = (ordinal: number, at: number): MessagePart => ({
  ordinal, at, kind: "tool", text: null, state: "done", durationMs: null, callId: null, name: null, arguments: null, result: null, attachment: null, url: null, code: null,
});
const shape = (text: string, parts: MessagePart[]) => segmentsOf(text, parts).map((s) => ("part" in s ? s.part.ordinal : s.text));

describe("segmentsOf", () => {
  it("is one stretch without parts, and nothing without text", () => {
    expect(shape("Hello", [])).toEqual(["Hello"]);
    expect(shape("", [])).toEqual([]);
  });

  it("puts each part where it was said, several at one place in their order", () => {
    expect(shape("Let me look. Found it.", [part(2, 13), part(0, 0), part(1, 13)])).toEqual([0, "Let me look. ", 1, 2, "Found it."]);
  });

  it("waits with a part for the text before it, and never repeats text", () => {
    expect(shape("Let", [part(0, 10)])).toEqual(["Let", 0]);
    expect(shape("Let me look", [part(0, 20), part(1, 5)])).toEqual(["Let m", 1, "e look", 0]);
  });

  it("marks only the stretch that may still grow", () => {
    expect(segmentsOf("One. Two.", [part(0, 5)]).flatMap((s) => ("part" in s ? [] : [s.last]))).toEqual([false, true]);
  });
});
