import { describe, expect, it } from "vitest";
import { EventParser, readEvents, type ServerEvent } from "./events";

const stream = 'id: 0\nevent: turn\ndata: {"a":1}\n\n: keep-alive\n\nid: 5\r\nevent: delta\r\ndata: {"text":"chào"}\r\n\r\ndata: one\ndata: two\n\ndata: unfinished';
const expected: ServerEvent[] = [
  { id: "0", name: "turn", data: '{"a":1}' },
  { id: "5", name: "delta", data: '{"text":"chào"}' },
  { id: "5", name: "message", data: "one\ntwo" },
];

describe("an event stream", () => {
  it("reads the same however the bytes are cut", () => {
    for (let size = 1; size <= stream.length; size++) {
      const parser = new EventParser();
      const events: ServerEvent[] = [];
      for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
      expect(events).toEqual(expected);
    }
  });

  it("ends with the body and keeps letters whole that were split between chunks", async () => {
    const bytes = new TextEncoder().encode(stream);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events: ServerEvent[] = [];
    for await (const event of readEvents(body)) events.push(event);
    expect(events).toEqual(expected);
  });

  it("cancels the body when the reader leaves early", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("data: x\n\n")),
      cancel: () => void (cancelled = true),
    });
    for await (const event of readEvents(body)) {
      expect(event.data).toBe("x");
      break;
    }
    expect(cancelled).toBe(true);
  });
});
