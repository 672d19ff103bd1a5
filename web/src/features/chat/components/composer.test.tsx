import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { provideHearing } from "@/shared/jean/hearing";
import { usePreferences } from "@/shared/theme/store";
import { setDraft, useDrafts } from "../store";
import { text as attachText } from "../attachments/text";
import { useUploads } from "../attachments/uploads";
import { text } from "../text";
import { Composer } from "./composer";

const sendFile = vi.hoisted(() => vi.fn());
vi.mock("@/shared/api/client", async (original) => ({ ...(await original<object>()), upload: sendFile }));
vi.mock("../attachments/kept", () => ({ keep: () => Promise.resolve(), forget: () => Promise.resolve(), keptFor: () => Promise.resolve([]) }));

async function open(props: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSend = vi.fn(), onStop = vi.fn();
  await Promise.all([text.load(), attachText.load(), import("../attachments/tools"), import("../attachments/chips")]);
  await act(async () => { render(<Suspense><Composer draftKey="c" running={false} onSend={onSend} onStop={onStop} {...props} /></Suspense>); await Promise.resolve(); });
  await screen.findByRole("button", { name: "Attach files" });
  return { onSend, onStop, box: await screen.findByRole<HTMLTextAreaElement>("textbox") };
}

beforeEach(() => { useDrafts.setState({ drafts: {} }); useUploads.setState({ items: [] }); });
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

describe("Composer", () => {
  it("sends with Enter and is empty again", async () => {
    const { onSend, box } = await open();
    fireEvent.change(box, { target: { value: " Hello " } });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello", []);
    expect(box.value).toBe("");
  });

  it("writes its hint in the direction of the page, and what is typed in its own", async () => {
    const { box } = await open();
    // An empty text with dir=auto is left to right, Arabic hint or not.
    expect(box.hasAttribute("dir")).toBe(false);
    fireEvent.change(box, { target: { value: "مرحبا" } });
    expect(box.dir).toBe("auto");
  });

  it("puts what was dictated where the caret is, apart from what is before it", async () => {
    usePreferences.setState({ hearing: "local/ear" });
    provideHearing(() => Promise.resolve((_hearing, { heard, ended }) => {
      heard("blue book");
      ended(null);
      return Promise.resolve({ stop: () => undefined, cancel: () => undefined });
    }));
    const { box } = await open();
    fireEvent.change(box, { target: { value: "Bring the now" } });
    box.setSelectionRange(9, 9);
    await act(async () => {
      fireEvent.click(screen.getByRole("button", { name: "Dictate" }));
      await new Promise((resolve) => setTimeout(resolve));
    });
    expect(box.value).toBe("Bring the blue book now");
    usePreferences.setState({ hearing: null });
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
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Tiếng Việt", []);
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

  it("keeps what was typed at the very moment the page is left", async () => {
    const { box } = await open();
    fireEvent.change(box, { target: { value: "Half a thou" } });
    fireEvent(window, new Event("pagehide"));
    expect(JSON.parse(localStorage.getItem("jt:drafts")!)).toMatchObject({ state: { drafts: { c: "Half a thou" } } });
  });

  it("makes a file of a long paste, waits for it and sends it along", async () => {
    let arrive = (): void => undefined;
    sendFile.mockReturnValueOnce(new Promise((resolve) => { arrive = () => resolve({ id: "f", name: "pasted text.txt", mediaType: "text/plain", sizeBytes: 5_000, width: null, height: null, hasThumbnail: false, transcript: null }); }));
    const { onSend, box } = await open();
    const taken = fireEvent.paste(box, { clipboardData: { files: [], getData: () => "x".repeat(5_000) } });
    expect(taken).toBe(false);
    await vi.waitFor(() => expect(screen.getByText("pasted text.txt")).toBeTruthy());
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).not.toHaveBeenCalled();
    await act(async () => { arrive(); await Promise.resolve(); });
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onSend).toHaveBeenCalledExactlyOnceWith("", [expect.objectContaining({ id: "f" })]);
    expect(box.value).toBe("");
  });

  it("puts a long paste into the message after all", async () => {
    sendFile.mockReturnValueOnce(new Promise(() => undefined));
    const { box } = await open();
    fireEvent.change(box, { target: { value: "Read: " } });
    box.setSelectionRange(6, 6);
    fireEvent.paste(box, { clipboardData: { files: [], getData: () => "y".repeat(5_000) } });
    fireEvent.click(await screen.findByRole("button", { name: "Put it in the message" }));
    expect(box.value).toBe(`Read: ${"y".repeat(5_000)}`);
    expect(useUploads.getState().items).toEqual([]);
  });

  it("leaves a short paste to the browser", async () => {
    const { box } = await open();
    expect(fireEvent.paste(box, { clipboardData: { files: [], getData: () => "short" } })).toBe(true);
  });

  it("takes back a message that was not sent", async () => {
    const { box } = await open();
    act(() => setDraft("c", "Not sent"));
    expect(box.value).toBe("Not sent");
  });
});
