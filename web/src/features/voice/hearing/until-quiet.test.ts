import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Heard } from "./room";
import { untilQuiet } from "./until-quiet";

const rate = 48_000;
const samples = new Float32Array(4096);
const quiet = { samples, sound: false }, voice = { samples, sound: true };
const end = vi.fn<(spoken: boolean) => void>();
const hear = (to: ReturnType<typeof untilQuiet>, what: Heard, seconds: number): void => {
  for (let passed = 0; passed < seconds; passed += samples.length / rate) to.audio(what, rate);
};

beforeEach(() => { vi.clearAllMocks(); });

describe("a dictation that ends by itself", () => {
  it("is judged by what the microphone gives", () => {
    const ear = untilQuiet({ endsByItself: true }, true, end);
    hear(ear, quiet, 1);
    hear(ear, voice, 2);
    ear.words(true);
    hear(ear, voice, 4);
    hear(ear, quiet, 1.8);
    expect(end).not.toHaveBeenCalled();
    hear(ear, quiet, 30);
    expect(end.mock.calls).toEqual([[true]]);
  });

  it("says when there was nothing", () => {
    hear(untilQuiet({ endsByItself: true }, false, end), quiet, 30);
    expect(end.mock.calls).toEqual([[false]]);
  });

  it("is judged by its words where there is no audio", () => {
    const ear = untilQuiet({ endsByItself: true }, true, end);
    ear.silence(7.9);
    ear.words(true);
    ear.silence(1.9);
    expect(end).not.toHaveBeenCalled();
    ear.silence(0.25);
    expect(end).toHaveBeenCalledOnce();
  });

  it("is not one that a press began", () => {
    const ear = untilQuiet({}, true, end);
    ear.words(true);
    hear(ear, quiet, 60);
    expect(end).not.toHaveBeenCalled();
  });
});
