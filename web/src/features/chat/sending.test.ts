import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSummary, Message } from "@/shared/api/types";
import { endLive, useLive, type LiveState } from "./live-turn";
import { chatKeys } from "./queries";
import { retryMessage, sendMessage } from "./sending";
import { usePending } from "./store";

const conversation = { id: "c1", title: "", titleSource: "auto", modelId: null, createdAt: "", updatedAt: "", archivedAt: null, deletedAt: null, headMessageId: null, runningTurnId: null, projectId: null, tags: [], category: null, role: "owner", people: 1 } satisfies ConversationSummary;
const sse = (...events: [string, string, unknown][]): Response =>
  new Response(events.map(([name, id, data]) => `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`).join(""), { headers: { "Content-Type": "text/event-stream" } });
const answered = (text: string): Response => sse(
  ["turn", "0.0.0", { turnId: "t1", conversationId: "c1", userMessageId: "u1", assistantMessageId: "a1", modelId: "jean/basic", title: "Hello" }],
  ["delta", `${text.length}.0.0`, { text }],
  ["done", `${text.length}.0.0`, { status: "completed", error: null, usage: null, title: "Hello" }],
);
const problem = (status: number, code: string, more = {}): Response => new Response(JSON.stringify({ title: code, status, code, ...more }), { status, headers: { "Content-Type": "application/problem+json" } });

const fetched = vi.fn<typeof fetch>();
const calls = (path: string) => fetched.mock.calls.filter(([url]) => url === path).map(([, init]) => ({ headers: new Headers(init!.headers), body: JSON.parse(init!.body as string) as Record<string, unknown> }));
const messages = () => queryClient.getQueryData<{ pages: { items: Message[] }[] }>(chatKeys.messages("c1"))?.pages[0]?.items.map((m) => `${m.id} ${m.status} ${m.text}`);
const turns = "/api/chat/conversations/c1/turns";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetched);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  fetched.mockReset();
  queryClient.clear();
  usePending.setState({ items: [] });
  useLive.setState({ turns: {} });
});

describe("sending", () => {
  it("begins a conversation once and asks in it", async () => {
    fetched.mockImplementation((url) => Promise.resolve(url === "/api/chat/conversations" ? Response.json(conversation, { status: 201 }) : answered("Hi there.")));
    const clientId = sendMessage({ conversationId: null, text: "Hello", parentId: null, modelId: "m", projectId: "p1" });
    expect(usePending.getState().items).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls("/api/chat/conversations")[0]!.body).toEqual({ modelId: "m", projectId: "p1" });
    expect(calls("/api/chat/conversations")[0]!.headers.get("Idempotency-Key")).toBe(clientId);
    expect(calls(turns)[0]!.body).toMatchObject({ clientId, text: "Hello", modelId: "m" });
    expect(usePending.getState().items).toEqual([]);
    expect(useLive.getState().turns).toEqual({});
    expect(messages()).toEqual(["a1 complete Hi there.", "u1 complete Hello"]);
  });

  it("names the model that really answered", async () => {
    fetched.mockImplementation(() => Promise.resolve(sse(
      ["turn", "0.0.0", { turnId: "t1", conversationId: "c1", userMessageId: "u1", assistantMessageId: "a1", modelId: "other/model", title: "" }],
      ["done", "0.0.0", { status: "completed", error: null, usage: null, title: "", modelId: "jean/basic" }],
    )));
    sendMessage({ conversationId: "c1", text: "6 * 7", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(30_000);
    const [answer] = queryClient.getQueryData<{ pages: { items: Message[] }[] }>(chatKeys.messages("c1"))!.pages[0]!.items;
    expect(answer).toMatchObject({ id: "a1", modelId: "jean/basic", siblingIds: ["a1"] });
  });

  it("keeps a refused message and sends it again under the same id", async () => {
    fetched.mockImplementationOnce(() => Promise.resolve(problem(400, "kernel.bad_request")));
    const clientId = sendMessage({ conversationId: "c1", text: "Hello", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(usePending.getState().items[0]).toMatchObject({ clientId, state: "failed", text: "Hello" });
    fetched.mockImplementationOnce(() => Promise.resolve(answered("Hi.")));
    retryMessage(clientId);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls(turns).map((c) => c.body["clientId"])).toEqual([clientId, clientId]);
    expect(usePending.getState().items).toEqual([]);
  });

  it("waits for the end of another window's turn, then sends once", async () => {
    let elsewhere!: ReadableStreamDefaultController<Uint8Array>;
    const say = (words: string) => elsewhere.enqueue(new TextEncoder().encode(words));
    fetched.mockImplementation((url, init) => {
      if (init?.method === "POST") return Promise.resolve(calls(turns).length === 1 ? problem(409, "chat.turn_already_running", { turnId: "t0" }) : answered("Hi."));
      if (typeof url !== "string" || !url.startsWith("/api/chat/turns/t0/events")) return Promise.resolve(problem(404, "x"));
      return Promise.resolve(new Response(new ReadableStream<Uint8Array>({ start: (controller) => { elsewhere = controller; } }), { headers: { "Content-Type": "text/event-stream" } }));
    });
    sendMessage({ conversationId: "c1", text: "Hello", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(60_000);
    say('event: turn\nid: 4.0.0\ndata: {"turnId":"t0","conversationId":"c1","userMessageId":"u0","assistantMessageId":"a0","modelId":"m","title":""}\n\n');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls(turns)).toHaveLength(1);
    expect(usePending.getState().items[0]).toMatchObject({ state: "held", problem: null });
    say('event: done\ndata: {"status":"completed","error":null,"usage":null,"title":""}\n\n');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls(turns)).toHaveLength(2);
    expect(usePending.getState().items).toEqual([]);
    expect(messages()![0]).toBe("a1 complete Hi.");
  });

  it("says so when the other window's turn cannot be watched, instead of asking for ever", async () => {
    fetched.mockImplementation((_, init) => Promise.resolve(init?.method === "POST" ? problem(409, "chat.turn_already_running", { turnId: "t0" }) : problem(404, "chat.turn_not_found")));
    sendMessage({ conversationId: "c1", text: "Hello", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(calls(turns)).toHaveLength(1);
    expect(usePending.getState().items[0]).toMatchObject({ state: "failed", problem: { code: "chat.turn_not_found" } });
  });

  it("sends what was written during an answer that was only joined here", async () => {
    fetched.mockImplementation(() => Promise.resolve(answered("Hi.")));
    useLive.setState({ turns: { c1: {} as LiveState } });
    sendMessage({ conversationId: "c1", text: "Hello", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls(turns)).toHaveLength(0);
    endLive("c1");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls(turns)).toHaveLength(1);
    expect(usePending.getState().items).toEqual([]);
  });

  it("sends what was written during an answer after it, in order", async () => {
    fetched.mockImplementation(() => Promise.resolve(answered("Hi.")));
    sendMessage({ conversationId: "c1", text: "One", parentId: null, modelId: null });
    sendMessage({ conversationId: "c1", text: "Two", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls(turns).map((c) => c.body["text"])).toEqual(["One", "Two"]);
  });

  it("takes up the stream again after a drop, showing every word once", async () => {
    const whole = answered("Hello world");
    fetched.mockImplementationOnce(() => Promise.resolve(sse(
      ["turn", "0.0.0", { turnId: "t1", conversationId: "c1", userMessageId: "u1", assistantMessageId: "a1", modelId: "m", title: "" }],
      ["delta", "6.0.0", { text: "Hello " }],
    ))).mockImplementationOnce(() => Promise.resolve(whole));
    sendMessage({ conversationId: "c1", text: "Hello", parentId: null, modelId: null });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(new Headers(fetched.mock.calls[1]![1]!.headers).get("Last-Event-ID")).toBe("6.0.0");
    expect(messages()![0]).toBe("a1 complete Hello world");
  });
});
