import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { provideHearing, type Listener } from "@/shared/jean/hearing";
import { provideWake, useWakeWord } from "@/shared/jean/wake";
import { usePreferences } from "@/shared/theme/store";
import { text as attachText } from "../attachments/text";
import { useDrafts } from "../store";
import { text } from "../text";
import { Composer } from "./composer";

let call: () => void;
let listener: Listener;
const onSend = vi.fn();
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve)));

/** The box after Jean was called, with what stood there before. */
async function called(draft = ""): Promise<HTMLTextAreaElement> {
  useDrafts.setState({ drafts: { c: draft } });
  await Promise.all([text.load(), attachText.load(), import("../attachments/tools")]);
  await act(async () => { render(<Suspense><Composer draftKey="c" running={false} onSend={onSend} onStop={() => undefined} /></Suspense>); await Promise.resolve(); });
  await screen.findByRole("button", { name: "Dictate" });
  await settle();
  act(() => call());
  await settle();
  return screen.findByRole<HTMLTextAreaElement>("textbox");
}

beforeEach(() => {
  vi.clearAllMocks();
  usePreferences.setState({ hearing: "local/ear" });
  useWakeWord.setState({ on: true, sends: false });
  provideWake(() => Promise.resolve((tell) => {
    call = tell.called;
    return { listen: () => undefined };
  }));
  provideHearing(() => Promise.resolve((_, told) => {
    listener = told;
    return Promise.resolve({ stop: () => undefined, cancel: () => listener.ended(null) });
  }));
});
afterEach(() => {
  cleanup();
  usePreferences.setState({ hearing: null });
  useWakeWord.setState({ on: false, sends: false });
});

describe("the message box after a call", () => {
  it("keeps what was said, with the focus in it", async () => {
    const box = await called();
    act(() => { listener.heard("water the plants"); listener.ended(null); });
    await settle();
    expect(box.value).toBe("water the plants");
    expect(document.activeElement).toBe(box);
    expect(onSend).not.toHaveBeenCalled();
  });

  it("sends all of what was said where that is wanted", async () => {
    useWakeWord.setState({ sends: true });
    const box = await called();
    // In one go, as from a recogniser that writes at the end.
    act(() => { listener.heard("water the plants"); listener.heard("and feed the cat"); listener.ended(null); });
    await settle();
    expect(onSend).toHaveBeenCalledExactlyOnceWith("water the plants and feed the cat", []);
    expect(box.value).toBe("");
  });

  it("sends nothing that stood there before", async () => {
    useWakeWord.setState({ sends: true });
    const box = await called("Dear landlord,");
    act(() => { listener.heard("water the plants"); listener.ended(null); });
    await settle();
    expect(box.value).toContain("water the plants");
    expect(onSend).not.toHaveBeenCalled();
  });

  it("sends nothing of what broke off", async () => {
    useWakeWord.setState({ sends: true });
    const box = await called();
    act(() => { listener.heard("water the"); listener.ended(new Error("broke")); });
    await settle();
    expect(box.value).toBe("water the");
    expect(onSend).not.toHaveBeenCalled();
  });
});
