import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, describe, expect, it } from "vitest";
import type { MessagePart } from "@/shared/api/types";
import PartView from "./part-view";
import { text } from "./text";

const part = (change: Partial<MessagePart>): MessagePart => ({
  ordinal: 0, at: 0, kind: "tool", text: null, state: "done", durationMs: null, callId: null, name: null, arguments: null, result: null, attachment: null, url: null, code: null, ...change,
});
async function show(change: Partial<MessagePart>) {
  await text.load();
  await act(async () => { render(<Suspense><PartView part={part(change)} live={null} /></Suspense>); await Promise.resolve(); });
}
afterEach(cleanup);

describe("PartView", () => {
  it("tells how long was thought and keeps the thoughts behind a press", async () => {
    await show({ kind: "reasoning", text: "Four and four.", durationMs: 1_240 });
    expect(screen.getByText(/^Thought for .?1\.24 s.?$/).closest("details")?.open).toBe(false);
    expect(screen.getByText("Four and four.")).toBeTruthy();
  });

  it("shows a tool with what went in and came out, as text only", async () => {
    await show({ name: "look", arguments: "{}", result: "<b>bold</b>", state: "failed", durationMs: 12 });
    expect(screen.getByText("Failed")).toBeTruthy();
    expect(screen.getByText("<b>bold</b>").querySelector("b")).toBeNull();
  });

  it("never loads a picture that is elsewhere", async () => {
    await show({ kind: "image", url: "https://pictures.example/a.png" });
    expect(document.querySelector("img")).toBeNull();
    expect(screen.getByRole("link", { name: /pictures.example/ }).getAttribute("rel")).toContain("noreferrer");
  });

  it("says that a picture is gone", async () => {
    await show({ kind: "image", state: "expired" });
    expect(screen.getByText("This picture was cleared away after its time.")).toBeTruthy();
  });

  it("keeps quiet about notes it does not know", async () => {
    await show({ kind: "note", code: "from-the-future" });
    expect(document.body.textContent).toBe("");
  });
});
