import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setDraft, useDrafts } from "../store";
import { text } from "../text";
import { Composer } from "./composer";

async function open(props: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSend = vi.fn(), onStop = vi.fn();
  await text.load();
  await act(async () => { render(<Suspense><Composer draftKey="c" running={false} onSend={onSend} onStop={onStop} {...props} /></Suspense>); await Promise.resolve(); });
  return { onSend, onStop, box: await screen.findByRole<HTMLTextAreaElement>("textbox") };
}

beforeEach(() => { useDrafts.setState({ drafts: {} }); });
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

describe("Composer", () => {
  it("sends with Enter and is empty again", async () => {
    const { onSend, box } = await open();
    fireEvent.change(box, { target: { value: " Hello " } });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello");
    expect(box.value).toBe("");
  });

  it("writes its hint in the direction of the page, and what is typed in its own", async () => {
    const { box } = await open();
    // An empty text with dir=auto is left to right, Arabic hint or not.
    expect(box.hasAttribute("dir")).toBe(false);
    fireEvent.change(box, { target: { value: "مرحبا" } });
    expect(box.dir).toBe("auto");
  });

  it("breaks the line with Shift and Enter", async () => {
    const { onSend, box } = await open();
    fireEvent.change(box, { target: { value: "Hello" } });
    expect(fireEvent.keyDown(box, { key: "Enter", shiftKey: true })).toBe(true);
    expect(onSend).not.toHaveBeenCalled();
  });

  it("leaves Enter to the input method while letters are put together", async () => {
    const { onSend, box } = await open();
    fireEvent.compositionStart(box);
    fireEvent.change(box, { target: { value: "Tiê" } });
    // Some browsers say isComposing: false here; the events are what counts.
    expect(fireEvent.keyDown(box, { key: "Enter", isComposing: false })).toBe(true);
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.compositionEnd(box);
    fireEvent.change(box, { target: { value: "Tiếng Việt" } });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Tiếng Việt");
  });

  it("breaks the line with Enter on a touch screen", async () => {
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    const { onSend, box } = await open();
    fireEvent.change(box, { target: { value: "Hello" } });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("does not send what is empty or has to wait", async () => {
    const { onSend, box } = await open({ held: true });
    fireEvent.keyDown(box, { key: "Enter" });
    fireEvent.change(box, { target: { value: "Hello" } });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).not.toHaveBeenCalled();
    expect(box.value).toBe("Hello");
  });

  it("stops a running answer, and sends instead once something is written", async () => {
    const { onStop, box } = await open({ running: true });
    fireEvent.click(screen.getByRole("button", { name: "Stop answering" }));
    expect(onStop).toHaveBeenCalledOnce();
    fireEvent.change(box, { target: { value: "More" } });
    expect(screen.getByRole("button", { name: "Send" })).toBeTruthy();
  });

  it("keeps what was typed for the next visit", async () => {
    const { box } = await open();
    fireEvent.change(box, { target: { value: "Half a thou" } });
    cleanup();
    expect(useDrafts.getState().drafts["c"]).toBe("Half a thou");
    const again = await open();
    expect(again.box.value).toBe("Half a thou");
  });

  it("takes back a message that was not sent", async () => {
    const { box } = await open();
    act(() => setDraft("c", "Not sent"));
    expect(box.value).toBe("Not sent");
  });
});
