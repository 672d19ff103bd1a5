import { beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/shared/api/query-client";
import { voiceKeys } from "../settings/queries";
import { hear } from "./index";
import type { Microphone } from "./microphone";
import type { Heard } from "./room";

const microphone = vi.hoisted(() => ({ piece: vi.fn<(piece: Heard) => void>(), finish: vi.fn(() => Promise.resolve({ samples: new Float32Array(16_000), rate: 16_000 })) }));
vi.mock("./microphone", () => ({
  record: (_: number, __: () => void, heard: (piece: Heard, rate: number) => void, kept: boolean): Promise<Microphone> => {
    expect(kept).toBe(true);
    microphone.piece = vi.fn((piece: Heard) => heard(piece, 16_000));
    return Promise.resolve(microphone);
  },
}));
const transcribe = vi.hoisted(() => vi.fn(() => Promise.resolve({ text: "water the plants" })));
vi.mock("../settings/queries", async (original) => ({ ...(await original<object>()), transcribe }));

const listener = { language: "en", heard: vi.fn(), saying: vi.fn(), writing: vi.fn(), ended: vi.fn() };
const settle = () => new Promise((resolve) => setTimeout(resolve));
const quiet = { samples: new Float32Array(4_000), sound: false }, voice = { ...quiet, sound: true };
const play = (piece: Heard, seconds: number): void => { for (let passed = 0; passed < seconds; passed += 0.25) microphone.piece(piece); };

beforeEach(() => {
  vi.clearAllMocks();
  queryClient.setQueryData(voiceKeys.local, { voices: [], recognisers: [{ name: "whisper", streams: false }], spotters: [], longestSeconds: 300, denoises: false });
});

describe("a recording that is written down when it is over", () => {
  it("ends by itself when one has spoken and is quiet", async () => {
    await hear("local/whisper", { ...listener, endsByItself: true });
    play(quiet, 3);
    play(voice, 2);
    play(quiet, 1.5);
    expect(listener.writing).not.toHaveBeenCalled();
    play(quiet, 1);
    await settle();
    expect(listener.heard.mock.calls).toEqual([["water the plants"]]);
    expect(listener.ended.mock.calls).toEqual([[null]]);
  });

  it("is not written down when nobody spoke", async () => {
    await hear("local/whisper", { ...listener, endsByItself: true });
    play(quiet, 10);
    await settle();
    expect(transcribe).not.toHaveBeenCalled();
    expect(listener.ended.mock.calls).toEqual([[null]]);
    expect(microphone.finish).toHaveBeenCalled();
  });

  it("goes on until it is stopped otherwise", async () => {
    const listening = await hear("local/whisper", listener);
    play(voice, 2);
    play(quiet, 60);
    expect(listener.writing).not.toHaveBeenCalled();
    listening.stop();
    await settle();
    expect(listener.heard.mock.calls).toEqual([["water the plants"]]);
  });
});
