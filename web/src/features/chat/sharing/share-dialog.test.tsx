import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import ShareDialog from "./share-dialog";
import { text } from "./text";

let asked: unknown[] = [];

async function show(upTo?: { id: string; text: string }) {
  await Promise.all([text.load(), commonText.load()]);
  await act(async () => {
    render(<QueryClientProvider client={new QueryClient()}><Suspense><ShareDialog conversation={{ id: "c1" }} {...(upTo ? { upTo } : {})} onClose={() => undefined} /></Suspense></QueryClientProvider>);
    await Promise.resolve();
  });
}
const make = () => act(async () => { fireEvent.click(screen.getByRole("button", { name: "Make a link" })); await new Promise((go) => setTimeout(go)); });

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", vi.fn((_: string, init: RequestInit) => {
    if (init.method === "POST") asked.push(JSON.parse(init.body as string));
    return Promise.resolve(Response.json(init.method === "POST" ? { share: {}, path: "/share/abc" } : []));
  }));
});
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

describe("sharing", () => {
  it("ends at the message it was asked for at, which is shown", async () => {
    await show({ id: "m7", text: "The ferry leaves at nine." });
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Up to this message" }).checked).toBe(true);
    expect(screen.getByText("The ferry leaves at nine.")).toBeTruthy();
    await make();
    expect(asked).toEqual([{ level: "read", follow: false, messageId: "m7", files: true, reasoning: false, tools: false }]);
  });

  it("does not end there when something else was chosen", async () => {
    await show({ id: "m7", text: "The ferry leaves at nine." });
    fireEvent.click(screen.getByRole("radio", { name: "With what comes later" }));
    expect(screen.queryByText("The ferry leaves at nine.")).toBeNull();
    await make();
    expect(asked).toEqual([{ level: "read", follow: true, files: true, reasoning: false, tools: false }]);
  });

  it("offers no message where none was asked for", async () => {
    await show();
    expect(screen.queryByRole("radio", { name: "Up to this message" })).toBeNull();
    await make();
    expect(asked).toEqual([{ level: "read", follow: false, files: true, reasoning: false, tools: false }]);
  });
});
