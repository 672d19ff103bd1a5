import { afterEach, describe, expect, it } from "vitest";
import type { MessagePart } from "@/shared/api/types";
import { beginLive, endLive, growPart, liveTurn, putPart, wholeParts } from "../live-turn";
import { emptyMessage } from "../turn-begin";

const id = "c";
const thought = (change: Partial<MessagePart> = {}): MessagePart => ({
  ordinal: 0, at: 0, kind: "reasoning", text: null, state: "running", durationMs: null, callId: null, name: null, arguments: null, result: null, attachment: null, url: null, code: null, ...change,
});
const begin = (parts: MessagePart[] = []) => beginLive({
  conversationId: id, turnId: null, parentId: null, question: null, phase: "sending", connection: "live", problem: null, answer: { ...emptyMessage("assistant", "a", null), parts },
});
const whole = () => wholeParts(id, liveTurn(id)!.answer.parts);

afterEach(() => endLive(id));

describe("parts of a running answer", () => {
  it("grow beside the text and are whole at the end", () => {
    begin();
    putPart(id, thought());
    growPart(id, { ordinal: 0, at: 0, text: "Four " });
    growPart(id, { ordinal: 0, at: 5, text: "and four" });
    putPart(id, thought({ state: "done", durationMs: 12 }));
    expect(whole()).toEqual([thought({ state: "done", durationMs: 12, text: "Four and four" })]);
  });

  it("are the same when they come twice, as they do after a reload", () => {
    begin([thought({ text: "Four and" })]);
    putPart(id, thought());
    growPart(id, { ordinal: 0, at: 0, text: "Four " });
    growPart(id, { ordinal: 0, at: 5, text: "and four" });
    growPart(id, { ordinal: 0, at: 5, text: "and four" });
    expect(whole()[0]?.text).toBe("Four and four");
  });

  it("take over a text that comes whole", () => {
    begin();
    putPart(id, thought());
    growPart(id, { ordinal: 0, at: 0, text: "Fo" });
    putPart(id, thought({ state: "done", text: "Four." }));
    expect(whole()[0]?.text).toBe("Four.");
  });
});
