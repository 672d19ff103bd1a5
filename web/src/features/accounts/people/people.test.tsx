import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { AuditPage } from "./audit-page";
import { PeoplePage } from "./people-page";
import { text as usageText } from "../usage/text";
import { text } from "./text";

const bob = { id: "b1", email: "bob@example.org", displayName: "Bob", role: "free", createdAt: "2026-11-01T00:00:00Z", lastSeenAt: null, suspendedAt: null, openSessions: 0 };
const answers: Record<string, unknown> = {
  "/api/accounts/users": { items: [bob], nextCursor: null },
  "/api/accounts/users/b1": { user: bob, sessions: [], mayManage: true },
  "/api/accounts/users/b1/usage": { plan: "free", features: [], quotas: [{ meter: "requests", window: "day", used: 5, limit: 10, resetsAt: "2026-11-22T00:00:00Z" }], today: null, thisMonth: null, days: [] },
  "/api/audit": {
    items: [{ id: "e1", position: 7, at: "2026-11-02T00:00:00Z", act: "accounts.user.suspended", actor: { id: "o1", name: "Olga" }, person: null, sessionId: null, address: "192.0.2.7", subjects: [{ id: "b1", name: "Bob" }], before: null, after: null, hash: "00" }],
    nextCursor: null,
  },
  "/api/audit/verify": { checked: 6, firstBroken: 7 },
};
const sent: string[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    sent.push(`${init.method ?? "GET"} ${url} ${typeof init.body === "string" ? init.body : ""}`.trim());
    const answer = answers[url.split("?")[0]!];
    return Promise.resolve(answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer));
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function show(page: ReactNode) {
  await Promise.all([text.load(), usageText.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense>{page}</Suspense></QueryClientProvider>); await Promise.resolve(); });
}

describe("people", () => {
  it("are found by what is typed, and given a role", async () => {
    await show(<PeoplePage permissions={["users.manage"]} role="admin" />);
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: " bo " } });
    await vi.waitFor(() => expect(sent).toContain("GET /api/accounts/users?search=bo"));
    fireEvent.click(await screen.findByRole("button", { name: "Manage Bob" }));
    await screen.findByRole("button", { name: "Suspend" });
    expect((await screen.findByRole("meter", { name: "Requests" })).getAttribute("aria-valuetext")).toBe("5 of 10");
    expect([...screen.getAllByRole<HTMLSelectElement>("combobox").at(-1)!.options].map((o) => o.value)).toEqual(["premium", "free"]);
    expect(screen.queryByRole("button", { name: "Act as Bob" })).toBeNull();
    fireEvent.change(screen.getAllByRole("combobox").at(-1)!, { target: { value: "premium" } });
    await vi.waitFor(() => expect(sent).toContain('PUT /api/accounts/users/b1/role {"role":"premium"}'));
  });

  it("are acted for only with a reason", async () => {
    await show(<PeoplePage permissions={["users.manage", "users.impersonate"]} role="owner" />);
    fireEvent.click(await screen.findByRole("button", { name: "Manage Bob" }));
    fireEvent.click(await screen.findByRole("button", { name: "Act as Bob" }));
    expect(await screen.findByText("Say in a few words why.")).toBeTruthy();
    expect(sent.some((one) => one.includes("impersonate"))).toBe(false);
  });
});

describe("the audit trail", () => {
  it("tells who did what, narrows to a person, and says where the chain breaks", async () => {
    await show(<AuditPage />);
    fireEvent.click(await screen.findByRole("button", { name: "Bob" }));
    await vi.waitFor(() => expect(sent).toContain("GET /api/audit?who=b1"));
    fireEvent.click(screen.getByRole("button", { name: "Check the chain" }));
    expect(await screen.findByText("Entry 7 was changed or is missing.")).toBeTruthy();
  });
});
