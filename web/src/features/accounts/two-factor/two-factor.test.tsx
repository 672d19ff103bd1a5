import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { useProofQuestion } from "@/shared/session/proof";
import { text as accountText } from "../text";
import SecondStep from "./second-step";
import StepUpDialog from "./step-up-dialog";
import { isProof, takeReturn } from "../ways/go";
import { text as waysText } from "../ways/text";
import { WayBack } from "../ways/way-back";
import { text } from "./text";
import { TwoFactorCard } from "./two-factor-card";

vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: ReactNode }) => <a href="/forgot">{children}</a> }));

const answers = new Map<string, (body: unknown) => { status: number; body?: unknown }>();
const sent: { call: string; body: unknown }[] = [];

function serve(path: string, init?: RequestInit): Promise<Response> {
  const call = `${init?.method} ${path}`;
  const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
  sent.push({ call, body });
  const answer = answers.get(call)?.(body) ?? { status: 404 };
  return Promise.resolve(new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status, headers: { "Content-Type": "application/json" } }));
}

const problem = (status: number, code: string) => () => ({ status, body: { status, code, title: code } });

async function show(part: ReactNode): Promise<void> {
  await Promise.all([text.load(), accountText.load(), waysText.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense>{part}</Suspense></QueryClientProvider>); await Promise.resolve(); });
}

beforeEach(() => vi.stubGlobal("fetch", vi.fn(serve)));
afterEach(() => {
  cleanup();
  answers.clear();
  sent.length = 0;
  vi.unstubAllGlobals();
});

describe("the second step of signing in", () => {
  const needed = { ticket: "the-ticket", expiresAt: "2026-11-21T14:00:00Z" };
  const nothing = (): void => undefined;

  it("asks phones for digits and says what a wrong code is", async () => {
    answers.set("POST /api/accounts/sign-in/second-factor", problem(400, "accounts.code_wrong"));
    await show(<SecondStep needed={needed} onDone={nothing} onAgain={nothing} />);
    const field = screen.getByLabelText<HTMLInputElement>("Code");
    expect(field.inputMode).toBe("numeric");
    expect(field.autocomplete).toBe("one-time-code");
    fireEvent.change(field, { target: { value: " 123456 " } });
    fireEvent.submit(field.form!);
    expect(await screen.findByText(/This code is wrong/)).toBeTruthy();
    expect(sent).toEqual([{ call: "POST /api/accounts/sign-in/second-factor", body: { ticket: "the-ticket", code: "123456" } }]);
  });

  it("takes a recovery code instead", async () => {
    await show(<SecondStep needed={needed} onDone={nothing} onAgain={nothing} />);
    fireEvent.click(screen.getByRole("button", { name: "Use a recovery code" }));
    expect(screen.getByLabelText<HTMLInputElement>("Recovery code").inputMode).toBe("text");
  });

  it("begins again when the ticket has ended", async () => {
    answers.set("POST /api/accounts/sign-in/second-factor", problem(401, "accounts.ticket_ended"));
    const again = vi.fn();
    await show(<SecondStep needed={needed} onDone={nothing} onAgain={again} />);
    fireEvent.submit(screen.getByLabelText<HTMLInputElement>("Code").form!);
    expect((await screen.findByRole("alert")).textContent).toContain("took too long");
    fireEvent.click(screen.getByRole("button", { name: "Begin again" }));
    expect(again).toHaveBeenCalledOnce();
  });
});

describe("confirming where one has nothing here", () => {
  const ways = (elsewhere: { id: string; name: string; proves: boolean }[]) =>
    answers.set("GET /api/accounts/step-up", () => ({ status: 200, body: { password: false, code: false, passkey: false, elsewhere } }));

  it("leaves for the service that can tell, and knows the way back by its state", async () => {
    const assign = vi.fn();
    vi.stubGlobal("location", { pathname: "/settings/keys", search: "?x=1", assign });
    ways([{ id: "1", name: "Harbour", proves: true }]);
    answers.set("POST /api/accounts/step-up/external/1", () => ({ status: 200, body: { url: "https://id.example.org/authorize?state=abc&prompt=login" } }));
    await show(<StepUpDialog />);

    fireEvent.click(await screen.findByRole("button", { name: "Sign in again with Harbour" }));

    await waitFor(() => expect(assign).toHaveBeenCalledWith("https://id.example.org/authorize?state=abc&prompt=login"));
    expect(isProof("abc")).toBe(true);
    expect(isProof("abd")).toBe(false);
    expect(isProof("")).toBe(false);
    expect(takeReturn()).toBe("/settings/keys?x=1");
  });

  it("confirms on the way back, and leaves the act to the person", async () => {
    sessionStorage.setItem("jt:proof-state", "abc");
    sessionStorage.setItem("jt:sign-in-return", "/settings/keys");
    answers.set("POST /api/accounts/step-up/external", () => ({ status: 204 }));
    const go = vi.fn();
    await show(<WayBack answer={{ providerId: "1", state: "abc", code: "c", error: null, iss: null, locale: "en" }} signedIn onGo={go} />);
    fireEvent.click(await screen.findByRole("button", { name: "Go on" }));
    expect(go).toHaveBeenCalledExactlyOnceWith("/settings/keys");
    expect(sent.map(({ call }) => call)).toEqual(["POST /api/accounts/step-up/external"]);
  });

  it("says plainly which service cannot tell", async () => {
    ways([{ id: "2", name: "GitHub", proves: false }]);
    await show(<StepUpDialog />);
    expect(await screen.findByText(/GitHub cannot confirm that it is you/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /GitHub/ })).toBeNull();
    expect(screen.getByText("Choose a password by e-mail")).toBeTruthy();
  });
});

describe("the card", () => {
  it("asks for a proof where it is needed, goes on by itself, and shows the recovery codes once", async () => {
    let proved = false;
    answers.set("GET /api/accounts/two-factor", () => ({ status: 200, body: { on: false, since: null, recoveryCodesLeft: 0 } }));
    answers.set("POST /api/accounts/two-factor/totp", () => proved ? { status: 200, body: { secret: "ABCDEFGHIJKLMNOP", uri: "otpauth://totp/x", qrCode: "<svg/>" } } : problem(403, "accounts.proof_needed")());
    answers.set("GET /api/accounts/step-up", () => ({ status: 200, body: { password: true, code: false, passkey: false, elsewhere: [] } }));
    answers.set("POST /api/accounts/step-up", () => { proved = true; return { status: 204 }; });
    answers.set("POST /api/accounts/two-factor/totp/confirm", () => ({ status: 200, body: { recoveryCodes: ["AAAAA-BBBBB-CCCCC", "DDDDD-EEEEE-FFFFF"] } }));
    function Page() {
      const asks = useProofQuestion((s) => s.question !== null);
      return <><TwoFactorCard />{asks && <StepUpDialog />}</>;
    }
    await show(<Page />);

    fireEvent.click(await screen.findByRole("button", { name: "Turn on" }));
    const password = await screen.findByLabelText<HTMLInputElement>("Password");
    fireEvent.change(password, { target: { value: "a quiet river" } });
    fireEvent.submit(password.form!);

    expect(await screen.findByText("ABCD EFGH IJKL MNOP")).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByRole<HTMLImageElement>("img").src).toContain("data:image/svg+xml");
    const code = screen.getByLabelText<HTMLInputElement>("Code");
    fireEvent.change(code, { target: { value: "123456" } });
    fireEvent.submit(code.form!);

    expect(await screen.findByText("AAAAA-BBBBB-CCCCC")).toBeTruthy();
    expect(document.activeElement?.textContent).toBe("Your recovery codes");
    expect(screen.queryByText("ABCD EFGH IJKL MNOP")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "I have kept them" }));
    expect(screen.queryByText("AAAAA-BBBBB-CCCCC")).toBeNull();
  });

  it("turns off only after a second look", async () => {
    answers.set("GET /api/accounts/two-factor", () => ({ status: 200, body: { on: true, since: "2026-11-01T00:00:00Z", recoveryCodesLeft: 2 } }));
    answers.set("DELETE /api/accounts/two-factor/totp", () => ({ status: 204 }));
    await show(<TwoFactorCard />);
    expect(await screen.findByText(/2 recovery codes left/)).toBeTruthy();
    expect(screen.getByText(/Make new ones/)).toBeTruthy();

    fireEvent.click(screen.getByRole("button", { name: "Turn off" }));
    expect(sent.some(({ call }) => call.startsWith("DELETE"))).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Turn off" }));

    await waitFor(() => expect(sent.some(({ call }) => call === "DELETE /api/accounts/two-factor/totp")).toBe(true));
  });
});
