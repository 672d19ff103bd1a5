import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { Composer } from "../components/composer";
import { useDrafts } from "../store";
import { text as chatText } from "../text";
import { text } from "./text";

vi.mock("@tanstack/react-router", () => ({ Link: ({ children }: { children: ReactNode }) => <a href="/">{children}</a> }));

const items = [
  { id: "recipe", origin: "built-in", trade: "life", name: "Recipe", about: "Cook", body: "Cook with {{what}}", variables: [{ name: "what", label: "What is there", kind: "text", choices: null, standard: null }], shared: true, canEdit: false },
  { id: "plain", origin: "own", trade: "life", name: "Plain", about: "No places", body: "Just this", variables: [], shared: false, canEdit: true },
];
const onSend = vi.fn();

async function open(): Promise<HTMLTextAreaElement> {
  await Promise.all([chatText.load(), text.load(), commonText.load(), import("./prompts-menu")]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense><Composer draftKey="c" running={false} onSend={onSend} onStop={vi.fn()} /></Suspense></QueryClientProvider>); await Promise.resolve(); });
  return screen.findByRole<HTMLTextAreaElement>("textbox");
}
const type = (box: HTMLElement, value: string) => act(async () => { fireEvent.change(box, { target: { value } }); await Promise.resolve(); });
const key = (box: HTMLElement, name: string) => act(async () => { fireEvent.keyDown(box, { key: name }); await Promise.resolve(); });

beforeEach(() => {
  useDrafts.setState({ drafts: {} });
  onSend.mockReset();
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json({ items, nextCursor: null }))));
});
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

describe("a slash", () => {
  it("opens the prompts, which are chosen by keys and put into the message", async () => {
    const box = await open();
    await type(box, "/");
    await screen.findAllByRole("option");
    await key(box, "ArrowDown");
    expect(screen.getByRole("option", { selected: true }).textContent).toContain("Plain");
    await key(box, "Enter");
    expect(box.value).toBe("Just this");
    expect(onSend).not.toHaveBeenCalled();
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it("asks for the places first", async () => {
    const box = await open();
    await type(box, "/rec");
    expect(await screen.findAllByRole("option")).toHaveLength(1);
    await key(box, "Enter");
    fireEvent.change(await screen.findByRole("textbox", { name: "What is there" }), { target: { value: "rice" } });
    await act(async () => { fireEvent.click(screen.getByRole("button", { name: "Put into the message" })); await Promise.resolve(); });
    expect(box.value).toBe("Cook with rice");
  });

  it("leaves Enter to the input method while letters are put together", async () => {
    const box = await open();
    fireEvent.compositionStart(box);
    await type(box, "/pl");
    await screen.findAllByRole("option");
    await key(box, "Enter");
    expect(box.value).toBe("/pl");
    expect(onSend).not.toHaveBeenCalled();
  });

  it("stays a slash after Esc, and in the middle of a text", async () => {
    const box = await open();
    await type(box, "/");
    await screen.findAllByRole("option");
    await key(box, "Escape");
    expect(screen.queryByRole("listbox")).toBeNull();
    await type(box, "either/or");
    expect(screen.queryByRole("listbox")).toBeNull();
  });
});
