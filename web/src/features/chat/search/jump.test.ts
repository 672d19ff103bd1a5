import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/shared/api/query-client";
import { chatKeys } from "../queries";
import { useTrouble } from "../store";
import { jumpTo, useJumped } from "./jump";

const calls: string[] = [];
/** A branch of 700 messages, newest first, whose cursor is the next index; the place is what each question is answered with. */
function server(places: (number | null)[]): void {
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    calls.push(`${init.method} ${url.replace("/api/chat/conversations/c1", "")}`);
    const address = new URL(url, "http://x");
    if (init.method === "PUT") return Promise.resolve(new Response(null, { status: 204 }));
    if (address.pathname.endsWith("/place")) return Promise.resolve(Response.json({ newer: places.shift() ?? null }));
    const from = Number(address.searchParams.get("cursor") ?? 0), to = Math.min(700, from + Number(address.searchParams.get("limit")));
    return Promise.resolve(Response.json({ items: Array.from({ length: to - from }, (_, i) => ({ id: `m${from + i}` })), nextCursor: to < 700 ? String(to) : null }));
  }));
}
const loaded = () => queryClient.getQueryData<{ pages: { items: { id: string }[] }[] }>(chatKeys.messages("c1"))!.pages.flatMap((page) => page.items.map((m) => m.id));

beforeEach(() => {
  calls.length = 0;
  queryClient.clear();
  useJumped.setState({ id: null });
  useTrouble.setState({ by: {} });
});
afterEach(() => vi.unstubAllGlobals());

describe("going to a found message", () => {
  it("loads what follows it in large pages and then shows it", async () => {
    server([420]);
    await jumpTo("c1", "m420");
    expect(calls).toEqual(["GET /messages/m420/place", "GET /messages?limit=50", "GET /messages?cursor=50&limit=200", "GET /messages?cursor=250&limit=200"]);
    expect(loaded()).toEqual(Array.from({ length: 450 }, (_, i) => `m${i}`));
    expect(useJumped.getState().id).toBe("m420");
  });

  it("asks for nothing more when it is there", async () => {
    server([3]);
    await jumpTo("c1", "m3");
    expect(calls).toEqual(["GET /messages/m3/place", "GET /messages?limit=50"]);
    expect(useJumped.getState().id).toBe("m3");
  });

  it("shows its branch first when it is on another one", async () => {
    server([null, 2]);
    await jumpTo("c1", "m2");
    expect(calls.slice(0, 3)).toEqual(["GET /messages/m2/place", "PUT /head", "GET /messages/m2/place"]);
    expect(useJumped.getState().id).toBe("m2");
  });

  it("says in the conversation when it cannot", async () => {
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json({ code: "chat.message_not_found", title: "Not Found", status: 404 }, { status: 404 }))));
    await jumpTo("c1", "gone");
    expect(useJumped.getState().id).toBeNull();
    expect(useTrouble.getState().by.c1).toBeDefined();
  });
});
