import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Attachment, Transcript } from "@/shared/api/types";
import HearingNote from "./hearing-note";
import { Recording } from "./recording";
import { text } from "./text";

const { get, post } = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));
vi.mock("@/shared/api/client", () => ({ api: { get, post } }));
vi.mock("@tanstack/react-router", () => ({ Link: ({ to, children }: { to: string; children: string }) => <a href={to}>{children}</a> }));

const recording = (transcript: Partial<Transcript> | null): Attachment => ({
  id: "r", name: "recording.webm", mediaType: "audio/webm", sizeBytes: 1, width: null, height: null, hasThumbnail: false,
  transcript: transcript && { state: "done", code: null, text: null, length: 0, ...transcript },
});
const part = (attachment: Attachment) => ({
  ordinal: 0, at: 0, kind: "file" as const, text: null, state: null, durationMs: null, callId: null, name: null, arguments: null, result: null, attachment, url: null, code: null,
});

async function show(element: React.ReactNode) {
  await text.load();
  await act(async () => {
    render(<QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>{element}</QueryClientProvider>);
    await Promise.resolve();
  });
}
const shown = (transcript: Partial<Transcript> | null) => show(<Recording attachment={recording(transcript)} url="/r" />);

beforeEach(() => { get.mockReset(); post.mockReset(); });
afterEach(cleanup);

describe("What is said in a recording", () => {
  it("is there at once when it is short, and asks nobody", async () => {
    await shown({ text: "Bring the blue book.", length: 20 });
    expect(screen.getByText("Bring the blue book.").closest("details")?.open).toBe(true);
    expect(get).not.toHaveBeenCalled();
  });

  it("is closed when it is long, and comes whole when it is opened", async () => {
    get.mockResolvedValue({ state: "done", code: null, text: `${"word ".repeat(200)}and the end`, model: "ear" });
    await shown({ text: "word ".repeat(120), length: 1011 });
    const details = document.querySelector("details")!;
    expect(details.open).toBe(false);
    await act(async () => { details.open = true; fireEvent(details, new Event("toggle")); await Promise.resolve(); });
    expect((await screen.findAllByText(/and the end$/)).length).toBeGreaterThan(0);
    expect(get).toHaveBeenCalledWith("/api/chat/attachments/r/transcript", expect.anything());
  });

  it("is waited for, and then shown", async () => {
    get.mockResolvedValue({ state: "done", code: null, text: "Here it is.", model: "ear" });
    await shown({ state: "pending" });
    expect(await screen.findByText("Here it is.")).toBeTruthy();
  });

  it("says that nothing is said, why it failed, and offers to try again", async () => {
    await shown({});
    expect(screen.getByText("Nothing is said in it.")).toBeTruthy();
    cleanup();
    post.mockResolvedValue({ state: "pending", code: null, text: null, length: 0 });
    get.mockResolvedValue({ state: "done", code: null, text: "After all.", model: "ear" });
    await shown({ state: "failed", code: "too-long" });
    expect(screen.getByText("The recording is too long to be written down here.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Writing down what is said…")).toBeTruthy();
  });

  it("leads to the settings where nobody can write it down", async () => {
    await shown({ state: "none", code: "no-recogniser" });
    expect(screen.getByRole("link", { name: "Settings of the voice" }).getAttribute("href")).toBe("/settings/voice");
  });

  it("is no matter of files without a transcript", async () => {
    await shown(null);
    expect(document.querySelector("details")).toBeNull();
    expect(document.querySelector("audio")).toBeTruthy();
  });
});

describe("HearingNote", () => {
  it("stands in for what Jean does until the words are there", async () => {
    let arrive: (value: unknown) => void = () => undefined;
    get.mockReturnValue(new Promise((resolve) => { arrive = resolve; }));
    await show(<HearingNote parts={[part(recording({ state: "pending" }))]}>thinking</HearingNote>);
    expect(screen.getByRole("status").textContent).toBe("Writing down what you said…");
    await act(async () => { arrive({ state: "done", code: null, text: "Said.", model: null }); await Promise.resolve(); });
    expect(await screen.findByText("thinking")).toBeTruthy();
  });
});
