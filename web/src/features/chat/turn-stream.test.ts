import { describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/error";
import { TurnStream, type TurnListener, type TurnSource } from "./turn-stream";

const turn = 'event: turn\nid: 0.0.0\ndata: {"turnId":"t1","conversationId":"c","userMessageId":"u","assistantMessageId":"a","modelId":"m","title":""}\n\n';
const delta = (text: string, id: string) => `id: ${id}\nevent: delta\ndata: ${JSON.stringify({ text })}\n\n`;
const done = 'event: done\ndata: {"status":"completed","error":null,"usage":null,"title":"T"}\n\n';

const streamOf = (...chunks: string[]): Response => new Response(new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    controller.close();
  },
}));

/** As of a router that forgot the connection. */
const brokenAfter = (chunk: string): Response => {
  let sent = false;
  return new Response(new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new TypeError("network error"));
      else controller.enqueue(new TextEncoder().encode(chunk));
      sent = true;
    },
  }));
};

function record() {
  const seen: string[] = [];
  const listener: TurnListener = {
    turn: (t) => seen.push(`turn ${t.turnId}`),
    delta: (text) => seen.push(text),
    connection: (state) => seen.push(`connection ${state}`),
    done: (d) => seen.push(`done ${d.status}`),
    failed: (error) => seen.push(`failed ${error.code}`),
  };
  return { seen, listener };
}

const run = (source: TurnSource, listener: TurnListener, attempts = 3) =>
  new TurnStream(source, listener, { attempts, pause: () => 0, wait: () => Promise.resolve() }).run();

describe("TurnStream", () => {
  it("reads a turn to its end", async () => {
    const { seen, listener } = record();
    await run({ first: () => Promise.resolve(streamOf(turn, delta("Hel", "3.0.0"), delta("lo", "5.0.0"), done)), resume: vi.fn() }, listener);
    expect(seen).toEqual(["turn t1", "Hel", "lo", "done completed"]);
  });

  it("hands on parts and what they grow by", async () => {
    const parts: unknown[] = [];
    const part = 'id: 0.0.0.1.0\nevent: part\ndata: {"ordinal":0,"kind":"reasoning","at":0,"text":null,"state":"running"}\n\n';
    const more = 'id: 0.0.0.1.2\nevent: part-delta\ndata: {"ordinal":0,"at":0,"text":"Hm"}\n\n';
    await run({ first: () => Promise.resolve(streamOf(turn, part, more, done)), resume: vi.fn() }, { part: (p) => parts.push(p.kind), partDelta: (d) => parts.push(d.text) });
    expect(parts).toEqual(["reasoning", "Hm"]);
  });

  it("asks again with the last event id when the connection drops", async () => {
    const { seen, listener } = record();
    const resume = vi.fn(() => Promise.resolve(streamOf(delta("lo", "5.0.0"), done)));
    await run({ first: () => Promise.resolve(streamOf(turn, delta("Hel", "3.0.0"))), resume }, listener);
    expect(resume).toHaveBeenCalledWith("t1", "3.0.0", expect.any(AbortSignal));
    expect(seen).toEqual(["turn t1", "Hel", "connection lost", "connection live", "lo", "done completed"]);
  });

  it("survives a server that is away for a while", async () => {
    const { seen, listener } = record();
    let tries = 0;
    const resume = () => ++tries < 3 ? Promise.reject(ApiError.offline()) : Promise.resolve(streamOf(done));
    await run({ first: () => Promise.resolve(streamOf(turn)), resume }, listener, 5);
    expect(seen.at(-1)).toBe("done completed");
    expect(tries).toBe(3);
  });

  it("counts anew once something has come, however the connection then breaks", async () => {
    const { seen, listener } = record();
    const pauses: number[] = [];
    let words = 1;
    const resume = (): Promise<Response> => Promise.resolve(++words < 30 ? brokenAfter(delta("w", `${words}.0.0`)) : streamOf(done));
    await new TurnStream({ first: () => Promise.resolve(brokenAfter(turn + delta("w", "1.0.0"))), resume }, listener, {
      attempts: 3, pause: (attempt) => { pauses.push(attempt); return 0; }, wait: () => Promise.resolve(),
    }).run();
    expect(seen.at(-1)).toBe("done completed");
    expect(seen.filter((each) => each === "w")).toHaveLength(29);
    expect(new Set(pauses)).toEqual(new Set([1]));
  });

  it("repeats the first request when no answer came, which the client id makes safe", async () => {
    const { seen, listener } = record();
    const first = vi.fn<TurnSource["first"]>().mockRejectedValueOnce(ApiError.offline()).mockResolvedValueOnce(streamOf(turn, done));
    await run({ first, resume: vi.fn() }, listener);
    expect(first).toHaveBeenCalledTimes(2);
    expect(seen.at(-1)).toBe("done completed");
  });

  it("does not repeat what the server refused", async () => {
    const { seen, listener } = record();
    const first = vi.fn(() => Promise.reject(new ApiError({ status: 409, code: "chat.turn_already_running", title: "Conflict" })));
    await run({ first, resume: vi.fn() }, listener);
    expect(first).toHaveBeenCalledTimes(1);
    expect(seen).toEqual(["failed chat.turn_already_running"]);
  });

  it("waits when it was too fast, and not when there is nothing left for today", async () => {
    const refusing = (code: string) => vi.fn(() => Promise.reject(new ApiError({ status: 429, code, title: "Too many" })));
    const { seen, listener } = record();
    const [fast, spent] = [refusing("kernel.rate_limited"), refusing("accounts.quota_exhausted")];
    await run({ first: fast, resume: vi.fn() }, listener, 2);
    await run({ first: spent, resume: vi.fn() }, listener, 2);
    expect([fast.mock.calls.length, spent.mock.calls.length]).toEqual([3, 1]);
    expect(seen.at(-1)).toBe("failed accounts.quota_exhausted");
  });

  it("hands on the pieces of a private turn", async () => {
    const seen: unknown[] = [];
    await run({ first: () => Promise.resolve(streamOf(turn, 'id: 1\nevent: piece\ndata: {"number":1,"box":"AAA="}\n\n', done)), resume: vi.fn() }, { piece: (piece) => seen.push(piece) });
    expect(seen).toEqual([{ number: 1, box: "AAA=" }]);
  });

  it("gives up after its tries", async () => {
    const { seen, listener } = record();
    await run({ first: () => Promise.reject(ApiError.offline()), resume: vi.fn() }, listener, 2);
    expect(seen.at(-1)).toBe("failed client.offline");
  });

  it("takes the stream up again when the server was restarted, and ends on a final error", async () => {
    const { seen, listener } = record();
    const restarting = 'event: error\ndata: {"status":503,"code":"kernel.shutting_down","title":"x"}\n\n';
    const broken = 'event: error\ndata: {"status":500,"code":"kernel.unexpected","title":"x"}\n\n';
    await run({ first: () => Promise.resolve(streamOf(turn, restarting)), resume: () => Promise.resolve(streamOf(broken)) }, listener);
    expect(seen.at(-1)).toBe("failed kernel.unexpected");
    expect(seen).toContain("connection lost");
  });

  it("says nothing more once it was left", async () => {
    const { seen, listener } = record();
    const stream = new TurnStream({ first: () => { stream.leave(); return Promise.resolve(streamOf(turn, done)); }, resume: vi.fn() }, listener);
    await stream.run();
    expect(seen).toEqual([]);
  });
});
