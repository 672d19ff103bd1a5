import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PerformanceRequest, SpokenPerformance } from "@/shared/api/types";
import type { Output } from "./audio-output";
import { Speaker, type SpeakerListener } from "./speaker";

interface FakeClip { duration: number; name: string }

/** A sound card whose clock is the fake timers' clock. */
class FakeOutput implements Output<FakeClip> {
  running = true;
  readonly played: { name: string; at: number }[] = [];
  readonly stopped: string[] = [];
  readonly #began = Date.now();
  get time() { return (Date.now() - this.#began) / 1000; }
  resume = () => Promise.resolve(this.running);
  decode = (bytes: ArrayBuffer) => Promise.resolve({ duration: 1, name: new TextDecoder().decode(bytes) });
  play(clip: FakeClip, at: number) {
    this.played.push({ name: clip.name, at });
    return () => void this.stopped.push(clip.name);
  }
}

const performanceOf = (text: string, fallbackCode: string | null = null): SpokenPerformance => ({ fallbackCode, durationMs: 1000, sampleRate: 22_050, format: "wav", mimeType: "audio/wav", audio: btoa(text), visemes: [], words: [], expressions: [] });
const sentence = (text: string) => ({ text, language: "en" });

function set(perform: (request: PerformanceRequest, signal: AbortSignal) => Promise<SpokenPerformance> = ({ text }) => Promise.resolve(performanceOf(text)), localVoice: string | null = null) {
  const output = new FakeOutput();
  const log: string[] = [];
  const requests: PerformanceRequest[] = [];
  const listener: SpeakerListener = {
    began: (_source, { text }) => log.push(`began ${text}`),
    silent: () => log.push("silent"),
    reading: (source) => log.push(`reading ${source}`),
    blocked: (blocked) => log.push(`blocked ${blocked}`),
    unavailable: () => log.push("unavailable"),
    fellBack: () => log.push("fell back"),
  };
  const speaker = new Speaker<FakeClip>({
    perform: (request, signal) => { requests.push(request); return perform(request, signal); },
    output: () => output,
    preferences: () => ({ voiceId: null, localVoice, rate: 1.2 }),
    listener,
    isUnavailable: (error) => (error as Error).message === "no voice",
  });
  return { output, log, requests, speaker };
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe("Speaker", () => {
  it("says sentences in order, each where the one before ends", async () => {
    const { output, log, speaker } = set();
    for (const text of ["one", "two", "three"]) speaker.say("m", sentence(text));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(output.played.map((p) => p.name)).toEqual(["one", "two", "three"]);
    expect(output.played[1]!.at - output.played[0]!.at).toBeCloseTo(1, 6);
    expect(output.played[2]!.at - output.played[1]!.at).toBeCloseTo(1, 6);
    expect(log).toEqual(["reading m", "began one", "began two", "began three", "reading null", "silent"]);
  });

  it("keeps the order when a later sentence is ready first", async () => {
    const { output, speaker } = set(async ({ text }) => {
      await new Promise((resolve) => setTimeout(resolve, text === "one" ? 500 : 10));
      return performanceOf(text);
    });
    speaker.say("m", sentence("one"));
    speaker.say("m", sentence("two"));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(output.played.map((p) => p.name)).toEqual(["one", "two"]);
  });

  it("fetches no more than two sentences ahead", async () => {
    const { requests, speaker } = set();
    for (const text of ["1", "2", "3", "4", "5"]) speaker.say("m", sentence(text));
    await vi.advanceTimersByTimeAsync(100);
    expect(requests.map((r) => r.text)).toEqual(["1", "2", "3"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(requests.map((r) => r.text)).toEqual(["1", "2", "3", "4"]);
    expect(requests[0]).toEqual({ text: "1", language: "en", rate: 1.2, format: "wav" });
  });

  it("is silent at once when interrupted, and stays so", async () => {
    const signals: AbortSignal[] = [];
    const { output, log, speaker } = set(({ text }, signal) => {
      signals.push(signal);
      return text === "one" ? Promise.resolve(performanceOf(text)) : new Promise(() => undefined);
    });
    speaker.say("m", sentence("one"));
    speaker.say("m", sentence("two"));
    await vi.advanceTimersByTimeAsync(300);
    speaker.interrupt();
    expect(output.stopped).toEqual(["one"]);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    expect(log.slice(-2)).toEqual(["reading null", "silent"]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(output.played).toHaveLength(1);
  });

  it("speaks again after an interruption", async () => {
    const { output, speaker } = set();
    speaker.say("m", sentence("one"));
    await vi.advanceTimersByTimeAsync(100);
    speaker.interrupt();
    speaker.say("n", sentence("two"));
    await vi.advanceTimersByTimeAsync(100);
    expect(output.played.map((p) => p.name)).toEqual(["one", "two"]);
  });

  it("leaves out a sentence that could not be made", async () => {
    const { output, speaker } = set(({ text }) => (text === "two" ? Promise.reject(new Error("bad")) : Promise.resolve(performanceOf(text))));
    for (const text of ["one", "two", "three"]) speaker.say("m", sentence(text));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(output.played.map((p) => p.name)).toEqual(["one", "three"]);
  });

  it("says once that there is no voice and asks no more", async () => {
    const { log, requests, speaker } = set(() => Promise.reject(new Error("no voice")));
    speaker.say("m", sentence("one"));
    await vi.advanceTimersByTimeAsync(10);
    speaker.say("m", sentence("two"));
    await vi.advanceTimersByTimeAsync(10);
    expect(requests).toHaveLength(1);
    expect(log.filter((l) => l === "unavailable")).toHaveLength(1);
  });

  it("asks for the local voice that was chosen, and tells when another one read", async () => {
    const { log, requests, output, speaker } = set(({ text }) => Promise.resolve(performanceOf(text, text === "two" ? "models.lost" : null)), "piper");
    speaker.say("m", sentence("one"));
    speaker.say("m", sentence("two"));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(requests.map((r) => r.localVoice)).toEqual(["piper", "piper"]);
    expect(log.filter((l) => l === "fell back")).toHaveLength(1);
    expect(output.played.map((p) => p.name)).toEqual(["one", "two"]);
  });

  it("waits for a press when the browser blocks sound", async () => {
    const { output, log, speaker } = set();
    output.running = false;
    speaker.say("m", sentence("one"));
    await vi.advanceTimersByTimeAsync(500);
    expect(log).toContain("blocked true");
    expect(output.played).toEqual([]);
    output.running = true;
    speaker.unlock();
    await vi.advanceTimersByTimeAsync(100);
    expect(output.played.map((p) => p.name)).toEqual(["one"]);
    expect(log).toContain("blocked false");
  });
});
