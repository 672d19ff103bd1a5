import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { exportPath } from "./queries";
import { text } from "./text";
import { TransferPage } from "./transfer-page";

const report = { taken: 41, grown: 0, already: 2, messages: 1204, files: 0, skipped: 1, skippedItems: [{ title: "New chat", reason: "empty" }], leftOut: { tools: 12 } };
const one = { id: "i1", fileName: "conversations.json", sizeBytes: 5, source: "chatgpt", progress: 0.42, report, errorCode: null, errorDetail: null, createdAt: "2026-01-01T00:00:00Z", endedAt: null };
let items: unknown[] = [];
const sent: string[] = [];

async function show() {
  await Promise.all([text.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense><TransferPage /></Suspense></QueryClientProvider>); await Promise.resolve(); });
}

beforeEach(() => {
  items = [];
  sent.length = 0;
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    sent.push(`${init.method} ${url}`);
    if (url.endsWith("/formats")) return Promise.resolve(Response.json({ pdf: false }));
    if (init.method === "POST") return Promise.resolve(url.endsWith("/cancel") ? new Response(null, { status: 204 }) : Response.json({ ...one, state: "queued", progress: 0 }, { status: 202 }));
    return Promise.resolve(Response.json({ items, nextCursor: null }));
  }));
});
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

describe("export and import", () => {
  it("shows a running import with its progress, and cancels it", async () => {
    items = [{ ...one, state: "running" }];
    await show();
    expect((await screen.findByRole<HTMLProgressElement>("progressbar")).value).toBe(0.42);
    expect(screen.queryByRole("button", { name: "Choose a file" })).toBeNull();
    await act(async () => { fireEvent.click(screen.getByRole("button", { name: "Cancel" })); await Promise.resolve(); });
    expect(sent).toContain("POST /api/chat/imports/i1/cancel");
  });

  it("says what was taken and what was not, and why", async () => {
    items = [{ ...one, state: "succeeded", progress: 1 }];
    await show();
    const done = await screen.findByRole("region", { name: "conversations.json" });
    for (const words of ["41 conversations are new", "2 were here already", "1 conversation was skipped", "New chat", "nothing in it", "tool calls: 12"]) expect(done.textContent).toContain(words);
  });

  it("sends the chosen file", async () => {
    await show();
    await screen.findByRole("button", { name: "Choose a file" });
    const input = document.querySelector<HTMLInputElement>("input[type=file]")!;
    await act(async () => { fireEvent.change(input, { target: { files: [new File(["[]"], "my export.json")] } }); await Promise.resolve(); });
    expect(sent).toContain("POST /api/chat/imports?name=my+export.json");
    expect(await screen.findByText("conversations.json is waiting for its turn")).toBeTruthy();
  });

  it("does not offer PDF where the server cannot make it", async () => {
    await show();
    await vi.waitFor(() => expect(screen.getByRole<HTMLInputElement>("radio", { name: /PDF/ }).disabled).toBe(true));
    expect(screen.getByText("This server cannot make PDF: it needs Chromium.")).toBeTruthy();
  });

  it("asks for what was chosen", () => {
    const choice = { format: "json", scope: "some", messages: ["a", "b"], files: true, language: "ar" } as const;
    expect(exportPath("c", choice)).toBe("/api/chat/conversations/c/export?format=json&files=true&language=ar&messages=a%2Cb");
    expect(exportPath("c", { ...choice, scope: "all" })).toBe("/api/chat/conversations/c/export?format=json&files=true&language=ar&scope=all");
    expect(exportPath(null, choice)).toBe("/api/chat/export?format=json&files=true&language=ar");
  });
});
