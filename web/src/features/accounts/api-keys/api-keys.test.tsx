import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiKey } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import { emptyKey, requestOf, stateOf } from "./key-form";
import { ApiKeysPage } from "./keys-page";
import { text } from "./text";

const key: ApiKey = {
  id: "k1", name: "Backup script", hint: "jt_pat_q8ZfTw…", scopes: ["chat.read", "future.scope"], createdAt: "2026-11-01T00:00:00Z", expiresAt: null, lastUsedAt: null, lastAddress: null,
  rotateEveryDays: null, overlapHours: 24, rotateAt: null, secretUntil: null, previousUntil: null, revokedAt: null, leaked: false,
};
const now = new Date("2026-11-10T00:00:00Z");
let keys: ApiKey[] = [];
const sent: string[] = [];

beforeEach(() => {
  keys = [];
  sent.length = 0;
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    const method = init.method ?? "GET";
    sent.push(`${method} ${url} ${typeof init.body === "string" ? init.body : ""}`.trim());
    return Promise.resolve(Response.json(method === "POST"
      ? { key: { ...key, name: "Notebook" }, secret: "jt_pat_only-once" }
      : { keys, scopes: [{ name: "chat.read", opens: "Read conversations" }, { name: "future.scope", opens: "Something new" }] }));
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function show() {
  await Promise.all([text.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense><ApiKeysPage /></Suspense></QueryClientProvider>); await Promise.resolve(); });
}

describe("the form of a key", () => {
  it("leaves out what never happens", () => {
    expect(requestOf({ ...emptyKey, name: " Script ", scopes: ["chat.read"], expiryDays: 7 }, now)).toEqual({
      name: "Script", scopes: ["chat.read"], expiresAt: "2026-11-17T00:00:00.000Z", rotateEveryDays: null, overlapHours: 24,
    });
    expect(requestOf({ ...emptyKey, expiryDays: 0 }, now).expiresAt).toBeNull();
  });

  it("tells the states of a key apart", () => {
    expect(stateOf(key, now)).toBe("active");
    expect(stateOf({ ...key, secretUntil: "2026-11-11T00:00:00Z" }, now)).toBe("due");
    expect(stateOf({ ...key, expiresAt: "2026-11-10T00:00:00Z" }, now)).toBe("expired");
    expect(stateOf({ ...key, expiresAt: "2026-11-01T00:00:00Z", revokedAt: "2026-11-02T00:00:00Z" }, now)).toBe("revoked");
  });
});

describe("the page of API keys", () => {
  it("names what each key may do, and keeps ended ones apart", async () => {
    keys = [key, { ...key, id: "k2", name: "Old", revokedAt: "2026-11-02T00:00:00Z", leaked: true }];
    await show();
    await screen.findByText("Backup script");
    expect(screen.getAllByText("Read conversations").length).toBeGreaterThan(0);
    expect(screen.getAllByText("future.scope").length).toBeGreaterThan(0);
    expect(screen.getByText("1 ended key")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Revoke Backup script" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Revoke Old" })).toBeNull();
  });

  it("makes a key and shows its secret once, with the focus on it", async () => {
    await show();
    fireEvent.click(await screen.findByRole("button", { name: "New key" }));
    fireEvent.click(screen.getByRole("button", { name: "Make the key" }));
    expect(screen.getByText("Tick at least one.")).toBeTruthy();
    expect(sent.some((line) => line.startsWith("POST"))).toBe(false);
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "Notebook" } });
    fireEvent.click(screen.getByRole("checkbox", { name: "Read conversations" }));
    fireEvent.click(screen.getByRole("button", { name: "Make the key" }));
    await waitFor(() => expect(document.querySelector("[data-secret]")?.textContent).toBe("jt_pat_only-once"));
    expect(document.activeElement?.textContent).toBe("The secret of “Notebook”");
    fireEvent.click(screen.getByRole("button", { name: "I have kept it" }));
    expect(document.querySelector("[data-secret]")).toBeNull();
  });
});
