import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "@/shared/api/types";
import { useLive } from "../live-turn";
import { useScrolling, useSwitched, useTrouble } from "../store";
import { text } from "../text";
import { emptyMessage } from "../turn-begin";
import { MessageActions } from "./message-actions";

const fetched = vi.fn<typeof fetch>();
const message = (id: string, role: Message["role"] = "assistant"): Message => ({ ...emptyMessage(role, id, "q", `Words of ${id}`), status: "complete", siblingIds: ["a", "b", "c"] });

async function show(shown: Message, last = false) {
  await text.load();
  await act(async () => { render(<Suspense><MessageActions key={shown.id} message={shown} conversationId="c1" last={last} /></Suspense>); await Promise.resolve(); });
}
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });

beforeEach(() => vi.stubGlobal("fetch", fetched.mockImplementation(() => Promise.resolve(new Response(null, { status: 204 })))));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  fetched.mockReset();
  useSwitched.setState({ id: null });
  useLive.setState({ turns: {} });
  useTrouble.setState({ by: {} });
});

describe("the versions of a message", () => {
  it("are counted, and a press asks the server for the next one", async () => {
    await show(message("b"));
    expect(screen.getByRole("group", { name: "Version 2 of 3" }).textContent).toBe("2 / 3");
    await act(async () => { fireEvent.click(button("Next version")); await Promise.resolve(); });
    const [url, init] = fetched.mock.calls[0]!;
    expect([url, init!.method, JSON.parse(init!.body as string)]).toEqual(["/api/chat/conversations/c1/head", "PUT", { messageId: "c" }]);
  });

  it("belong to questions as well as to answers", async () => {
    await show(message("a", "user"));
    expect(button("Previous version").disabled).toBe(true);
    expect(button("Next version").disabled).toBe(false);
    expect(screen.queryByRole("button", { name: "Answer again" })).toBeNull();
  });

  it("are not offered where there is only one, and wait while Jean is answering", async () => {
    await show({ ...message("a"), siblingIds: ["a"] });
    expect(screen.queryByRole("group")).toBeNull();
    cleanup();
    useLive.setState({ turns: { c1: {} as never } });
    await show(message("b"));
    expect([button("Previous version").disabled, button("Next version").disabled]).toEqual([true, true]);
  });

  it("are there while rows fly by, and what only shows under the mouse comes when they rest", async () => {
    useScrolling.setState({ moving: true });
    await show(message("b"));
    expect(button("Next version")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Copy message" })).toBeNull();
    await act(async () => { useScrolling.setState({ moving: false }); await Promise.resolve(); });
    expect(button("Copy message")).toBeTruthy();
  });

  it("are whole below the last message, however it moves", async () => {
    useScrolling.setState({ moving: true });
    await show(message("b"), true);
    expect(button("Copy message")).toBeTruthy();
    useScrolling.setState({ moving: false });
  });

  it("keep the focus on the same button, so that it can be pressed again", async () => {
    await show(message("a"));
    await act(async () => { fireEvent.click(button("Next version")); await Promise.resolve(); });
    cleanup();
    await show(message("b"));
    expect(document.activeElement).toBe(button("Next version"));
    await act(async () => { fireEvent.click(button("Next version")); await Promise.resolve(); });
    cleanup();
    await show(message("c"));
    expect(document.activeElement).toBe(button("Previous version"));
  });

  it("stay where they are when the server refuses, and say why", async () => {
    fetched.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ title: "No", status: 404, code: "chat.conversation_not_found" }), { status: 404, headers: { "Content-Type": "application/problem+json" } })));
    await show(message("b"));
    await act(async () => { fireEvent.click(button("Previous version")); await Promise.resolve(); });
    await vi.waitFor(() => expect(useTrouble.getState().by["c1"]).toBeDefined());
    expect(useSwitched.getState().id).toBeNull();
  });
});

describe("on a phone", () => {
  it("the first ones stand in one line, and the others come when they are asked for", async () => {
    await show(message("a"), true);
    const row = button("More").parentElement!;
    expect([button("More").getAttribute("aria-expanded"), row.className.includes("max-sm:")]).toEqual(["false", true]);
    expect(row.lastElementChild).toBe(button("More"));
    fireEvent.click(button("More"));
    expect([button("More").getAttribute("aria-expanded"), row.className.includes("max-sm:")]).toEqual(["true", false]);
  });
});
