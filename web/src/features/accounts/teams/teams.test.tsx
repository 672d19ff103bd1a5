import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { TeamPage } from "./team-page";
import { text } from "./text";

const team = { id: "t1", name: "Harbour office", role: "owner", members: 2, workspaces: 0, createdAt: "2026-11-01T00:00:00Z" };
const olga = { id: "o1", displayName: "Olga", email: "olga@example.org", role: "owner", joinedAt: "2026-11-01T00:00:00Z" };
const bob = { id: "b1", displayName: "Bob", email: "bob@example.org", role: "member", joinedAt: "2026-11-02T00:00:00Z" };
let role = "owner";
const sent: string[] = [];

beforeEach(() => {
  sent.length = 0;
  role = "owner";
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    sent.push(`${init.method ?? "GET"} ${url} ${typeof init.body === "string" ? init.body : ""}`.trim());
    if (init.method !== "GET") return Promise.resolve(new Response(null, { status: 204 }));
    if (url.endsWith("/analytics")) return Promise.resolve(Response.json({ from: "2026-10-23T00:00:00Z", members: [{ id: "b1", displayName: "Bob", role: "member", requests: 12, calls: 14, inputTokens: 100, outputTokens: 50, costMicros: 0 }] }));
    return Promise.resolve(Response.json({ team: { ...team, role }, members: [olga, bob], invitations: [], workspaces: [] }));
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function show(page: ReactNode) {
  await Promise.all([text.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense>{page}</Suspense></QueryClientProvider>); await Promise.resolve(); });
}

describe("a team", () => {
  it("lets its owner invite, change roles and hand over", async () => {
    await show(<TeamPage id="t1" userId="o1" onGone={() => undefined} />);
    fireEvent.change(await screen.findByRole("textbox", { name: "E-mail address" }), { target: { value: " erin@example.org " } });
    fireEvent.click(screen.getByRole("button", { name: "Send invitation" }));
    await vi.waitFor(() => expect(sent).toContain('POST /api/accounts/teams/t1/invitations {"email":"erin@example.org","role":"member","locale":"en"}'));
    fireEvent.change(screen.getByRole("combobox", { name: "Role of Bob" }), { target: { value: "admin" } });
    await vi.waitFor(() => expect(sent).toContain('PUT /api/accounts/teams/t1/members/b1/role {"role":"admin"}'));
    fireEvent.change(screen.getByRole("combobox", { name: "New owner" }), { target: { value: "b1" } });
    fireEvent.click(screen.getByRole("button", { name: "Hand over" }));
    await vi.waitFor(() => expect(sent).toContain('POST /api/accounts/teams/t1/transfer {"memberId":"b1"}'));
    expect(await screen.findByRole("table", { name: "Use in 30 days" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Remove Olga" })).toBeNull();
  });

  it("asks before it is deleted", async () => {
    const onGone = vi.fn();
    await show(<TeamPage id="t1" userId="o1" onGone={onGone} />);
    fireEvent.click(await screen.findByRole("button", { name: "Delete the team" }));
    expect(sent.some((one) => one.startsWith("DELETE"))).toBe(false);
    fireEvent.click(await screen.findByRole("button", { name: "Delete for good" }));
    await vi.waitFor(() => expect(onGone).toHaveBeenCalled());
    expect(sent).toContain("DELETE /api/accounts/teams/t1");
  });

  it("shows a member neither invitations nor what others used", async () => {
    role = "member";
    await show(<TeamPage id="t1" userId="b1" onGone={() => undefined} />);
    expect(await screen.findByRole("button", { name: "Leave the team" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Send invitation" })).toBeNull();
    expect(screen.queryByRole("button", { name: /Remove/ })).toBeNull();
    expect(sent.some((one) => one.includes("analytics"))).toBe(false);
  });
});
