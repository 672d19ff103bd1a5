import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/shared/api/query-client";
import type { Mark, Message } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import { patchMessages } from "../cache";
import { chatKeys } from "../queries";
import { emptyMessage } from "../turn-begin";
import { MarkButtons } from "./mark-buttons";
import { MarkStrip } from "./mark-strip";
import { text } from "./text";

const fetched = vi.fn<typeof fetch>();
const mark = (change: Partial<Mark>): Mark => ({ id: "k1", messageId: "m1", kind: "note", value: null, reason: null, words: "", start: null, end: null, createdAt: "2026-01-01T00:00:00Z", ...change });
const message = (marks: Mark[] = []): Message => ({ ...emptyMessage("assistant", "m1", "q", "The lighthouse opens at two."), status: "complete", marks });
const kept = (): Mark[] => queryClient.getQueryData<{ pages: { items: Message[] }[] }>(chatKeys.messages("c1"))!.pages[0]!.items[0]!.marks;

async function show(shown: Message) {
  await Promise.all([text.load(), commonText.load(), import("./mark-dialogs")]);
  queryClient.clear();
  patchMessages(queryClient, "c1", null, [shown]);
  await act(async () => { render(<Suspense><MarkButtons message={shown} conversationId="c1" /><MarkStrip message={shown} conversationId="c1" /></Suspense>); await Promise.resolve(); });
}
const press = (name: string) => act(async () => { fireEvent.click(screen.getByRole("button", { name, hidden: true })); await Promise.resolve(); });
const calls = () => fetched.mock.calls.map(([url, init]) => `${init!.method} ${url as string} ${typeof init!.body === "string" ? init!.body : ""}`.trim());

beforeEach(() => { HTMLElement.prototype.hidePopover = vi.fn(); });
beforeEach(() => vi.stubGlobal("fetch", fetched.mockImplementation((_, init) => Promise.resolve(init!.method === "POST" ? Response.json(mark({ id: "made", ...(JSON.parse(init!.body as string) as Partial<Mark>) })) : new Response(null, { status: 204 })))));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  fetched.mockReset();
});

describe("marks", () => {
  it("are shown at once and sent", async () => {
    await show(message());
    await press("Bookmark");
    expect(calls()).toEqual(['POST /api/chat/messages/m1/marks {"kind":"bookmark"}']);
    await vi.waitFor(() => expect(kept().map((m) => m.id)).toEqual(["made"]));
  });

  it("are taken back when the server refuses", async () => {
    fetched.mockImplementation(() => Promise.resolve(Response.json({ title: "No", status: 404, code: "chat.message_not_found" }, { status: 404 })));
    await show(message());
    await press("🎉");
    await vi.waitFor(() => expect(kept()).toEqual([]));
  });

  it("have one rating: the other thumb takes its place, and the reason is asked for", async () => {
    await show(message([mark({ kind: "rating", value: "up" })]));
    await press("Bad answer");
    expect(kept().map((m) => m.value)).toEqual(["down"]);
    const reason = await screen.findByRole("button", { name: "Not true" });
    fireEvent.click(reason);
    await press("Save");
    expect(calls().at(-1)).toBe('POST /api/chat/messages/m1/marks {"kind":"rating","value":"down","reason":"wrong"}');
  });

  it("go when they are pressed again", async () => {
    await show(message([mark({ kind: "reaction", value: "👀" })]));
    await press("Take back 👀");
    expect(calls()).toEqual(["DELETE /api/chat/marks/k1"]);
    expect(kept()).toEqual([]);
  });

  it("show a note with the words it is about, and let it be changed", async () => {
    await show(message([mark({ words: "In winter too?", start: 4, end: 14 })]));
    expect(screen.getByRole("complementary", { name: "Note" }).textContent).toBe("“lighthouse”In winter too?");
    await press("Change the note");
    fireEvent.change(await screen.findByRole("textbox", { name: "Note" }), { target: { value: "Asked." } });
    await press("Save");
    expect(calls()).toEqual(['PUT /api/chat/marks/k1 {"words":"Asked."}']);
  });
});
