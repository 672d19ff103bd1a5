import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Session } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import { DeletionBanner } from "./deletion-banner";
import { DeletionCards } from "./deletion-cards";
import { text } from "./text";

const invalidate = vi.fn(() => Promise.resolve());
vi.mock("@tanstack/react-router", () => ({ useRouter: () => ({ invalidate }) }));

const sent: string[] = [];

beforeEach(() => {
  sent.length = 0;
  invalidate.mockClear();
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    sent.push(`${init.method ?? "GET"} ${url}`);
    return Promise.resolve(init.method === "POST" ? Response.json({ askedAt: "2026-11-01T00:00:00Z", eraseAt: "2026-11-15T00:00:00Z" }) : new Response(null, { status: 204 }));
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const session = (role: string, deletionAt: string | null): Session => ({ user: { id: "u1", email: "bob@example.org", displayName: "Bob", role, createdAt: "2026-11-01T00:00:00Z" }, deletionAt } as unknown as Session);

async function show(part: ReactNode) {
  await Promise.all([text.load(), commonText.load()]);
  await act(async () => { render(<QueryClientProvider client={new QueryClient()}><Suspense>{part}</Suspense></QueryClientProvider>); await Promise.resolve(); });
}

describe("deleting the account", () => {
  it("is asked for twice before it is asked of the server", async () => {
    await show(<DeletionCards session={session("free", null)} />);
    fireEvent.click(screen.getByRole("button", { name: "Delete my account" }));
    expect(sent).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Yes, delete it" }));
    await waitFor(() => expect(invalidate).toHaveBeenCalled());
    expect(sent).toEqual(["POST /api/accounts/deletion"]);
  });

  it("is not offered to the owner of the server", async () => {
    await show(<DeletionCards session={session("owner", null)} />);
    expect(screen.getByText(/You own this server/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Delete my account" })).toBeNull();
  });

  it("can be taken back from the banner", async () => {
    await show(<DeletionBanner at="2026-11-15T00:00:00Z" />);
    fireEvent.click(screen.getByRole("button", { name: "Keep my account" }));
    await waitFor(() => expect(invalidate).toHaveBeenCalled());
    expect(sent).toEqual(["DELETE /api/accounts/deletion"]);
  });
});
