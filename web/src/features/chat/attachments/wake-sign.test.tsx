import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/error";
import { commonText } from "@/shared/i18n/common";
import { MicrophoneError, provideHearing, type Listener } from "@/shared/jean/hearing";
import { provideWake, useWake, useWakeWord, type WakeState } from "@/shared/jean/wake";
import { usePreferences } from "@/shared/theme/store";
import { Toasts } from "@/shared/ui/toast";
import { Dictate } from "./dictate";
import { text } from "./text";
import WakeSign from "./wake-sign";

const listen = vi.fn<(wanted: boolean) => void>();
let tell: { state: (state: WakeState, error?: unknown) => void; called: () => void };
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve)));

beforeEach(async () => {
  vi.clearAllMocks();
  await Promise.all([text.load(), commonText.load()]);
  usePreferences.setState({ hearing: "local/whisper" });
  useWakeWord.setState({ on: true });
  provideWake(() => Promise.resolve((told) => {
    tell = told;
    return { listen };
  }));
});
afterEach(cleanup);

describe("WakeSign", () => {
  it("shows that the microphone is open, and closes it", async () => {
    render(<><Toasts /><Dictate onText={() => undefined} /><WakeSign /></>);
    await settle();
    act(() => tell.state("listening"));
    expect(screen.getByText("Listening for “Hey Jean”").closest("[role=status]")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Stop listening" }));
    expect(useWakeWord.getState().on).toBe(false);
    expect(listen).toHaveBeenLastCalledWith(false);
    expect(screen.getByText(/no longer listens for her name/u)).toBeTruthy();
  });

  it("says why it does not listen", async () => {
    render(<><Dictate onText={() => undefined} /><WakeSign /></>);
    await settle();
    act(() => tell.state("failed", new MicrophoneError()));
    expect(screen.getByText(/microphone cannot be used/u)).toBeTruthy();
    act(() => tell.state("failed", new ApiError({ status: 404, code: "models.unknown", title: "" })));
    expect(screen.getByText(/No model on this server/u)).toBeTruthy();
    listen.mockClear();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(listen.mock.calls).toEqual([[false], [true]]);
  });

  it("is not there where nothing could be dictated", () => {
    usePreferences.setState({ hearing: null });
    render(<><Dictate onText={() => undefined} /><WakeSign /></>);
    expect(screen.queryByRole("status")).toBeNull();
    expect(useWake.getState().places).toBe(0);
  });

  it("a call begins dictation, during which nothing else listens, and listening goes on after it", async () => {
    const ended = vi.fn<() => void>();
    const hear = vi.fn();
    provideHearing(() => Promise.resolve((hearing, listener) => {
      hear(hearing);
      ended.mockImplementation(() => { listener.heard("water"); listener.ended(null); });
      return Promise.resolve({ stop: vi.fn(), cancel: vi.fn() });
    }));
    render(<><Toasts /><Dictate onText={() => undefined} /><WakeSign /></>);
    await settle();
    expect(listen).toHaveBeenLastCalledWith(true);
    act(() => tell.called());
    await settle();
    expect(hear).toHaveBeenCalledExactlyOnceWith("local/whisper");
    expect(screen.getByRole("button", { name: /Stop and write it down/u })).toBeTruthy();
    expect(listen).toHaveBeenLastCalledWith(false);
    act(() => ended());
    await settle();
    expect(listen).toHaveBeenLastCalledWith(true);
  });

  describe("a dictation that a call began", () => {
    let listener: Listener;
    const stop = vi.fn(), cancel = vi.fn(), onSaid = vi.fn(), onText = vi.fn();
    const opened = { now: (): void => undefined, later: false };
    const call = async (): Promise<void> => {
      cancel.mockImplementation(() => listener.ended(null));
      provideHearing(() => Promise.resolve(async (_, told) => {
        listener = told;
        if (opened.later) await new Promise<void>((resolve) => { opened.now = resolve; });
        return { stop, cancel };
      }));
      render(<><Toasts /><input aria-label="Elsewhere" /><Dictate onText={onText} onSaid={onSaid} /></>);
      await settle();
      act(() => tell.called());
      await settle();
    };
    const escape = (): void => { fireEvent.keyDown(screen.getByLabelText("Elsewhere"), { key: "Escape" }); };
    afterEach(() => { opened.later = false; });

    it("says that it ends by itself, and tells what was said when it has", async () => {
      await call();
      expect(listener.endsByItself).toBe(true);
      expect(screen.getAllByText(/It ends when you are quiet/u)[0]!.getAttribute("role")).toBe("status");
      act(() => { useWakeWord.setState({ sends: true }); });
      expect(screen.getAllByText(/It is sent when you are quiet/u).length).toBe(2);
      act(() => listener.saying("water"));
      expect(screen.getByText("water")).toBeTruthy();
      act(() => { listener.heard("water the plants"); listener.heard("and the herbs"); listener.ended(null); });
      expect(onSaid).toHaveBeenCalledExactlyOnceWith("water the plants and the herbs");
      act(() => { useWakeWord.setState({ sends: false }); });
    });

    it("is the person's own again once they end it by hand", async () => {
      await call();
      fireEvent.click(screen.getByRole("button", { name: /Stop and write it down/u }));
      expect(stop).toHaveBeenCalledOnce();
      act(() => { listener.heard("water the plants"); listener.ended(null); });
      expect(onText).toHaveBeenCalledExactlyOnceWith("water the plants");
      expect(onSaid).not.toHaveBeenCalled();
    });

    it("is called off with Escape wherever the focus is, and while the microphone is being opened", async () => {
      await call();
      act(escape);
      expect(cancel).toHaveBeenCalledOnce();
      expect(screen.queryByText("No speech was heard.")).toBeNull();
      act(escape);
      expect(cancel).toHaveBeenCalledOnce();
      cleanup();

      opened.later = true;
      await call();
      act(escape);
      expect(cancel).toHaveBeenCalledOnce();
      act(() => opened.now());
      await settle();
      expect(cancel).toHaveBeenCalledTimes(2);
      expect(screen.getByRole("button", { name: "Dictate" })).toBeTruthy();
      expect(onSaid).not.toHaveBeenCalled();
    });

    it("is not one that a press began", async () => {
      await call();
      act(escape);
      fireEvent.click(screen.getByRole("button", { name: "Dictate" }));
      await settle();
      expect(listener.endsByItself).toBe(false);
      expect(screen.queryByText(/It ends when you are quiet/u)).toBeNull();
      act(escape);
      expect(cancel).toHaveBeenCalledOnce();
      act(() => { listener.heard("water the plants"); listener.ended(null); });
      expect(onSaid).not.toHaveBeenCalled();
    });
  });
});
