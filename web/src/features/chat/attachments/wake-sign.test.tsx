import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/error";
import { commonText } from "@/shared/i18n/common";
import { MicrophoneError, provideHearing } from "@/shared/jean/hearing";
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
      ended.mockImplementation(() => listener.ended(null));
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
});
