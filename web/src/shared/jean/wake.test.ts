import { beforeEach, describe, expect, it, vi } from "vitest";
import { useSpeech } from "./speech";
import { useJean } from "./store";
import { holdWake, provideWake, useWake, useWakeWord, whenCalled, type WakeState } from "./wake";

const listen = vi.fn<(wanted: boolean) => void>();
let tell: { state: (state: WakeState, error?: unknown) => void; called: () => void };
const settle = () => new Promise((resolve) => setTimeout(resolve));
const listens = async (): Promise<boolean> => {
  await settle();
  return listen.mock.lastCall?.[0] ?? false;
};
const show = (state: "visible" | "hidden"): void => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.clearAllMocks();
  useWakeWord.setState({ on: false });
  show("visible");
  provideWake(() => Promise.resolve((told) => {
    tell = told;
    return { listen };
  }));
});

describe("waiting for Jean's name", () => {
  it("begins only when it is wanted and there is something to begin", async () => {
    const begin = vi.fn();
    const leave = whenCalled(begin);
    expect(await listens()).toBe(false);
    useWakeWord.setState({ on: true });
    expect(await listens()).toBe(true);
    tell.state("listening");
    expect(useWake.getState()).toMatchObject({ state: "listening", places: 1 });
    tell.called();
    expect(begin).toHaveBeenCalledOnce();
    leave();
    expect(await listens()).toBe(false);
    expect(useWake.getState().places).toBe(0);
  });

  it("ends while the page is hidden, while she speaks and while the microphone is used", async () => {
    useWakeWord.setState({ on: true });
    const leave = whenCalled(() => undefined);
    expect(await listens()).toBe(true);
    show("hidden");
    expect(await listens()).toBe(false);
    show("visible");
    expect(await listens()).toBe(true);
    useSpeech.setState({ source: "m1" });
    expect(await listens()).toBe(false);
    useSpeech.setState({ source: null });
    expect(await listens()).toBe(true);
    useJean.setState({ activity: "speaking" });
    expect(await listens()).toBe(false);
    useJean.setState({ activity: "idle" });
    expect(await listens()).toBe(true);
    const release = holdWake();
    expect(await listens()).toBe(false);
    release();
    expect(await listens()).toBe(true);
    leave();
  });

  it("leaves it to another window that may be called already, until that one is gone", async () => {
    let give: (() => unknown) | undefined;
    const request = vi.fn((_: string, __: LockOptions, granted: () => unknown) => { give = granted; return Promise.resolve(); });
    Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
    useWakeWord.setState({ on: true });
    const leave = whenCalled(() => undefined);
    expect(await listens()).toBe(false);
    void give?.();
    expect(await listens()).toBe(true);
    // While it is used for something else here, nobody else begins to listen to that.
    const release = holdWake();
    expect(await listens()).toBe(false);
    release();
    expect(await listens()).toBe(true);
    expect(request).toHaveBeenCalledOnce();
    leave();
    Reflect.deleteProperty(navigator, "locks");
  });

  it("calls the last of several places", async () => {
    useWakeWord.setState({ on: true });
    const [first, second] = [vi.fn(), vi.fn()];
    const leaveFirst = whenCalled(first), leaveSecond = whenCalled(second);
    await settle();
    tell.called();
    leaveSecond();
    tell.called();
    leaveFirst();
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
  });
});
