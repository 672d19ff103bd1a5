import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenInBrowser } from "./browser";

class Recognition extends EventTarget {
  static made: Recognition;
  start = vi.fn();
  stop = vi.fn(() => this.dispatchEvent(new Event("end")));
  abort = vi.fn(() => this.dispatchEvent(new Event("end")));
  constructor() { super(); Recognition.made = this; }
  say(transcript: string, isFinal: boolean): void {
    this.dispatchEvent(Object.assign(new Event("result"), { resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] }));
  }
}
const listener = { language: "en", heard: vi.fn(), saying: vi.fn(), writing: vi.fn(), ended: vi.fn() };
const pass = (seconds: number): void => { vi.advanceTimersByTime(seconds * 1_000); };

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.stubGlobal("SpeechRecognition", Recognition);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the browser's own recogniser", () => {
  it("is stopped two seconds after its last words, when they are final", async () => {
    await listenInBrowser({ ...listener, endsByItself: true });
    pass(5);
    Recognition.made.say("water the", false);
    pass(5);
    Recognition.made.say("water the plants", true);
    pass(1.75);
    expect(Recognition.made.stop).not.toHaveBeenCalled();
    pass(0.25);
    expect(Recognition.made.stop).toHaveBeenCalledOnce();
    expect(listener.heard.mock.calls).toEqual([["water the plants"]]);
    expect(listener.ended.mock.calls).toEqual([[null]]);
    pass(60);
    expect(Recognition.made.stop).toHaveBeenCalledOnce();
  });

  it("is stopped when nothing is said", async () => {
    await listenInBrowser({ ...listener, endsByItself: true });
    pass(7.75);
    expect(Recognition.made.stop).not.toHaveBeenCalled();
    pass(0.25);
    expect(Recognition.made.stop).toHaveBeenCalledOnce();
  });

  it("listens on otherwise, until it is stopped", async () => {
    const listening = await listenInBrowser(listener);
    Recognition.made.say("water the plants", true);
    pass(60);
    expect(Recognition.made.stop).not.toHaveBeenCalled();
    listening.stop();
    expect(listener.writing).toHaveBeenCalledOnce();
    expect(listener.ended.mock.calls).toEqual([[null]]);
  });
});
