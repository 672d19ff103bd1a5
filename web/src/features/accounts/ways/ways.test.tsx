import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { StrictMode, Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import type { PasskeyChallenge } from "@/shared/api/types";
import { text as accountText } from "../text";
import { ownPath } from "./go";
import { LinksCard } from "./links-card";
import { PasskeysCard } from "./passkeys-card";
import { text } from "./text";
import { answerWithPasskey, createPasskey, hasPasskeys } from "./webauthn";

const answers = new Map<string, () => { status: number; body?: unknown }>();
const sent: { call: string; body: unknown }[] = [];

function serve(path: string, init?: RequestInit): Promise<Response> {
  const call = `${init?.method} ${path}`;
  sent.push({ call, body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined });
  const answer = answers.get(call)?.() ?? { status: 404 };
  return Promise.resolve(new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status, headers: { "Content-Type": "application/json" } }));
}

async function show(part: ReactNode): Promise<void> {
  await Promise.all([text.load(), accountText.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<StrictMode><QueryClientProvider client={client}><Suspense>{part}</Suspense></QueryClientProvider></StrictMode>); await Promise.resolve(); });
}

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;
const challenge: PasskeyChallenge = {
  ceremony: "the-ceremony",
  options: { challenge: "-_8", relyingParty: "jean.example.org", timeoutMs: 600_000, credentials: [{ id: "AQ", transports: ["internal"] }], user: { id: "YWRh", name: "ada@example.org", displayName: "Ada" }, algorithms: [-7, -257] },
};

beforeEach(() => vi.stubGlobal("fetch", vi.fn(serve)));
afterEach(() => {
  cleanup();
  answers.clear();
  sent.length = 0;
  vi.unstubAllGlobals();
});

describe("what the browser is asked for", () => {
  it("makes a discoverable passkey that verifies its person", async () => {
    const create = vi.fn().mockResolvedValue({ rawId: bytes(251, 255), response: { clientDataJSON: bytes(1), attestationObject: bytes(2), getTransports: () => ["internal"] } });
    vi.stubGlobal("navigator", { credentials: { create } });

    await expect(createPasskey(challenge, "A phone")).resolves.toEqual({ ceremony: "the-ceremony", id: "-_8", clientData: "AQ", attestation: "Ag", transports: ["internal"], name: "A phone" });

    const [{ publicKey }] = create.mock.calls[0] as [{ publicKey: PublicKeyCredentialCreationOptions }];
    expect(Array.from(publicKey.challenge as Uint8Array)).toEqual([251, 255]);
    expect(publicKey.authenticatorSelection).toMatchObject({ residentKey: "required", userVerification: "required" });
    expect(publicKey.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -257]);
    expect(publicKey.excludeCredentials).toHaveLength(1);
  });

  it("asks quietly where the person did not ask for it", async () => {
    const get = vi.fn().mockResolvedValue({ rawId: bytes(1), response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null } });
    vi.stubGlobal("navigator", { credentials: { get } });

    await expect(answerWithPasskey(challenge, { quiet: true })).resolves.toEqual({ ceremony: "the-ceremony", id: "AQ", clientData: "AQ", authenticatorData: "Ag", signature: "Aw", userHandle: null });

    expect(get.mock.calls[0]?.[0]).toMatchObject({ mediation: "conditional", publicKey: { rpId: "jean.example.org", userVerification: "required" } });
  });

  it("has no passkeys at an address in numbers", () => {
    vi.stubGlobal("PublicKeyCredential", vi.fn());
    vi.stubGlobal("isSecureContext", true);
    vi.stubGlobal("location", { hostname: "127.0.0.1" });
    expect(hasPasskeys()).toBe(false);
    vi.stubGlobal("location", { hostname: "localhost" });
    expect(hasPasskeys()).toBe(true);
  });
});

describe("where one goes after signing in", () => {
  it.each(["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", null])("never leaves this site: %s", (path) => expect(ownPath(path)).toBeUndefined());
  it("may be any page of ours", () => expect(ownPath("/chat/1?x=2")).toBe("/chat/1?x=2"));
});

describe("the passkeys card", () => {
  it("removes one only after a second look, and says when it is the last way in", async () => {
    answers.set("GET /api/accounts/passkeys", () => ({ status: 200, body: { items: [{ id: "1", name: "A phone", backedUp: true, createdAt: "2026-11-01T00:00:00Z", lastUsedAt: null }] } }));
    answers.set("DELETE /api/accounts/passkeys/1", () => ({ status: 409, body: { status: 409, code: "accounts.last_way_in", title: "Conflict", detail: "in English" } }));
    await show(<PasskeysCard />);
    expect(await screen.findByText("Synced")).toBeTruthy();

    fireEvent.click(screen.getByRole("button", { name: "Remove A phone" }));
    expect(sent.some(({ call }) => call.startsWith("DELETE"))).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));

    expect((await screen.findByRole("alert")).textContent).toContain("your only way in");
  });

  it("renames one", async () => {
    answers.set("GET /api/accounts/passkeys", () => ({ status: 200, body: { items: [{ id: "1", name: "A phone", backedUp: false, createdAt: "2026-11-01T00:00:00Z", lastUsedAt: null }] } }));
    answers.set("PUT /api/accounts/passkeys/1", () => ({ status: 204 }));
    await show(<PasskeysCard />);

    fireEvent.click(await screen.findByRole("button", { name: "Rename A phone" }));
    const field = screen.getByLabelText<HTMLInputElement>("Name");
    fireEvent.change(field, { target: { value: " My phone " } });
    fireEvent.submit(field.form!);

    await waitFor(() => expect(sent.find(({ call }) => call === "PUT /api/accounts/passkeys/1")?.body).toEqual({ name: "My phone" }));
  });
});

describe("connected accounts", () => {
  it("says nothing where there is no service", async () => {
    answers.set("GET /api/accounts/external/links", () => ({ status: 200, body: { items: [] } }));
    await show(<LinksCard />);
    await waitFor(() => expect(screen.queryByText("Connected accounts")).toBeNull());
  });

  it("offers to connect and to disconnect", async () => {
    const link = { kind: "oidc", enabled: true, linkedAt: null, lastUsedAt: null };
    answers.set("GET /api/accounts/external/links", () => ({ status: 200, body: { items: [{ ...link, providerId: "1", name: "Harbour", label: null }, { ...link, providerId: "2", name: "Port", label: "ada@port.example.org" }] } }));
    answers.set("DELETE /api/accounts/external/links/2", () => ({ status: 204 }));
    await show(<LinksCard />);
    expect(await screen.findByRole("button", { name: "Connect Harbour" })).toBeTruthy();

    fireEvent.click(screen.getByRole("button", { name: "Disconnect Port" }));

    await waitFor(() => expect(sent.some(({ call }) => call === "DELETE /api/accounts/external/links/2")).toBe(true));
  });
});
