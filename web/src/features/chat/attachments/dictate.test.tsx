import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { MicrophoneError, provideHearing, type Listener } from "@/shared/jean/hearing";
import { usePreferences } from "@/shared/theme/store";
import { Toasts } from "@/shared/ui/toast";
import { Dictate } from "./dictate";
import { text } from "./text";

let listener: Listener;
const stop = vi.fn(), cancel = vi.fn(), asked = vi.fn();
const begin = async (): Promise<void> => {
  await act(async () => {
    fireEvent.click(screen.getByRole("button", { name: "Dictate" }));
    await new Promise((resolve) => setTimeout(resolve));
  });
};

beforeEach(async () => {
  vi.clearAllMocks();
  await Promise.all([text.load(), commonText.load()]);
  usePreferences.setState({ hearing: "local/whisper" });
  provideHearing(() => Promise.resolve((hearing, wanted) => {
    asked(hearing);
    listener = wanted;
    return Promise.resolve({ stop, cancel });
  }));
});
afterEach(cleanup);

describe("Dictate", () => {
  it("is not there until the person chose what hears", () => {
    usePreferences.setState({ hearing: null });
    render(<Dictate onText={() => undefined} />);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("is not there where the browser was chosen and has no recogniser", () => {
    usePreferences.setState({ hearing: "browser" });
    render(<Dictate onText={() => undefined} />);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("listens, writes, and hands over what was said", async () => {
    const onText = vi.fn();
    render(<Dictate onText={onText} />);
    await begin();
    expect(asked).toHaveBeenCalledWith("local/whisper");
    fireEvent.click(screen.getByRole("button", { name: "Stop and write it down (0:00)" }));
    expect(stop).toHaveBeenCalledOnce();
    act(() => listener.writing());
    expect(screen.getByText("What you said is being written down")).toBeTruthy();
    act(() => { listener.heard("water the plants"); listener.ended(null); });
    expect(onText).toHaveBeenCalledExactlyOnceWith("water the plants");
    expect(screen.getByRole("button", { name: "Dictate" })).toBeTruthy();
  });

  it("shows what is being said until it is final", async () => {
    const onText = vi.fn();
    render(<Dictate onText={onText} />);
    await begin();
    act(() => listener.saying("water"));
    act(() => listener.saying("water the plans"));
    expect(screen.queryByText("water")).toBeNull();
    expect(screen.getByText("water the plans")).toBeTruthy();
    act(() => { listener.heard("water the plants"); listener.saying(""); });
    expect(screen.queryByText("water the plans")).toBeNull();
    act(() => listener.saying("and"));
    act(() => listener.ended(null));
    expect(screen.queryByText("and")).toBeNull();
    expect(onText).toHaveBeenCalledExactlyOnceWith("water the plants");
  });

  it("throws away what was said with Escape, and says nothing of it", async () => {
    cancel.mockImplementation(() => listener.ended(null));
    render(<><Toasts /><Dictate onText={() => undefined} /></>);
    await begin();
    fireEvent.keyDown(screen.getByRole("button", { name: "Stop and write it down (0:00)" }), { key: "Escape" });
    expect(cancel).toHaveBeenCalledOnce();
    expect(screen.queryByText("No speech was heard.")).toBeNull();
    expect(screen.getByRole("button", { name: "Dictate" })).toBeTruthy();
  });

  it("says when nothing was heard, and when there is no microphone", async () => {
    render(<><Toasts /><Dictate onText={() => undefined} /></>);
    await begin();
    act(() => listener.ended(null));
    expect(screen.getByText("No speech was heard.")).toBeTruthy();
    provideHearing(() => Promise.resolve(() => Promise.reject(new MicrophoneError())));
    await begin();
    expect(await screen.findByText(/microphone cannot be used/u)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Dictate" })).toBeTruthy();
  });

  it("does not listen on after leaving", async () => {
    const { unmount } = render(<Dictate onText={() => undefined} />);
    await begin();
    unmount();
    expect(cancel).toHaveBeenCalledOnce();
  });
});
