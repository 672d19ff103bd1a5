import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/shared/api/query-client";
import { MicrophoneError } from "@/shared/jean/hearing";
import type { WakeListener } from "@/shared/jean/wake";
import { voiceKeys } from "../settings/queries";
import { Room, type Heard } from "./room";
import { makeWakeListener } from "./wake";

const { microphone, open, leaveOn } = vi.hoisted(() => {
  const microphone = { rate: 16_000, piece: vi.fn<(samples: Float32Array) => void>(), hear: vi.fn((to: (piece: Heard) => void) => {
    const room = new Room();
    microphone.piece = vi.fn((samples: Float32Array) => to(room.judge(samples)));
  }), release: vi.fn(), off: vi.fn(() => Promise.resolve()) };
  return { microphone, open: vi.fn(() => Promise.resolve(microphone)), leaveOn: vi.fn() };
});
vi.mock("./microphone", () => ({ OpenMicrophone: { open }, leaveOn }));
vi.mock("./chime", () => ({ chime: vi.fn() }));

class Line {
  static readonly OPEN = 1;
  static all: Line[] = [];
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: ArrayBuffer[] = [];
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: () => void = () => undefined;
  close = vi.fn();
  constructor(readonly url: string) { Line.all.push(this); }
  send(data: ArrayBuffer): void { this.sent.push(data); }
  tell(told: unknown): void { this.onmessage({ data: JSON.stringify(told) }); }
}

const state = vi.fn(), called = vi.fn();
const loud = Float32Array.from({ length: 4096 }, (_, at) => Math.sin(at));
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const last = (): Line => Line.all.at(-1)!;
let listener: WakeListener;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  Line.all = [];
  vi.stubGlobal("WebSocket", Line);
  queryClient.setQueryData(voiceKeys.local, { voices: [], recognisers: [], spotters: [{ name: "kws one" }], longestSeconds: 300, denoises: false });
  listener = makeWakeListener({ state, called });
});
afterEach(() => vi.useRealTimers());

describe("the line on which Jean waits to be called", () => {
  it("sends sound and no silence, and tells of each call", async () => {
    listener.listen(true);
    await tick();
    expect(last().url).toBe("/api/voice/wake?spotter=kws%20one");
    last().tell({ type: "listening" });
    expect(state.mock.calls).toEqual([["opening"], ["listening"]]);
    for (let i = 0; i < 20; i++) microphone.piece(new Float32Array(4096));
    expect(last().sent).toEqual([]);
    microphone.piece(loud);
    expect(last().sent.length).toBe(5);
    last().tell({ type: "called", keyword: "jean", atMs: 800, endMs: 700 });
    expect(called).toHaveBeenCalledOnce();
  });

  it("leaves the microphone on for what a call begins, with what was said since, and listens again when nothing does", async () => {
    listener.listen(true);
    await tick();
    for (let i = 0; i < 20; i++) microphone.piece(new Float32Array(4096));
    // Four pieces of silence go before the first.
    microphone.piece(loud);
    microphone.piece(loud);
    last().tell({ type: "called", keyword: "jean", atMs: 1_500, endMs: 1_408 });
    const [since] = microphone.release.mock.lastCall as [Heard[]];
    expect(since.map(({ samples, sound }) => [samples.length, sound])).toEqual([[2048, true]]);
    expect(leaveOn).toHaveBeenCalledExactlyOnceWith(microphone);
    expect(microphone.off).not.toHaveBeenCalled();
    expect(last().close).toHaveBeenCalled();
    last().onclose();
    last().tell({ type: "called", keyword: "jean", atMs: 900, endMs: 900 });
    expect(called).toHaveBeenCalledOnce();
    await tick(2_999);
    expect(Line.all.length).toBe(1);
    await tick(1);
    expect(Line.all.length).toBe(2);
  });

  it("stays closed after a call that something was begun by", async () => {
    listener.listen(true);
    await tick();
    last().tell({ type: "called", keyword: "jean", atMs: 0, endMs: 0 });
    listener.listen(false);
    await tick(120_000);
    expect(Line.all.length).toBe(1);
    expect(microphone.off).not.toHaveBeenCalled();
    listener.listen(true);
    await tick();
    expect(Line.all.length).toBe(2);
  });

  it("says in a long silence that somebody is there, and sends nothing to a line that is full", async () => {
    listener.listen(true);
    await tick();
    microphone.piece(new Float32Array(4096));
    await tick(8_000);
    microphone.piece(new Float32Array(4096));
    microphone.piece(new Float32Array(4096));
    expect(last().sent.length).toBe(1);
    last().bufferedAmount = 100_000;
    microphone.piece(loud);
    expect(last().sent.length).toBe(1);
  });

  it("closes microphone and line when it is not wanted any more", async () => {
    listener.listen(true);
    await tick();
    listener.listen(false);
    expect(microphone.off).toHaveBeenCalled();
    expect(last().close).toHaveBeenCalled();
    expect(state).toHaveBeenLastCalledWith("off");
    last().onclose();
    await tick(120_000);
    expect(Line.all.length).toBe(1);
  });

  it("does not open a line for a microphone that came too late", async () => {
    listener.listen(true);
    listener.listen(false);
    await tick();
    expect(Line.all.length).toBe(0);
  });

  it("connects again at once after a long while, and later and later after what broke", async () => {
    listener.listen(true);
    await tick();
    last().tell({ type: "listening" });
    last().tell({ type: "done", durationMs: 3_600_000 });
    await tick();
    expect(Line.all.length).toBe(2);
    last().onclose();
    await tick(999);
    expect(Line.all.length).toBe(2);
    await tick(1);
    expect(Line.all.length).toBe(3);
    last().tell({ type: "failed", code: "models.busy", status: 503, detail: "Busy." });
    await tick(1_999);
    expect(Line.all.length).toBe(3);
    await tick(1);
    expect(Line.all.length).toBe(4);
    expect(state).not.toHaveBeenCalledWith("failed", expect.anything());
  });

  it("gives up when it is refused, when no model is there, and without a microphone", async () => {
    listener.listen(true);
    await tick();
    last().tell({ type: "failed", code: "models.unreadable", status: 422, detail: "Sounds." });
    await tick(120_000);
    expect(Line.all.length).toBe(1);
    expect(state.mock.lastCall).toMatchObject(["failed", { code: "models.unreadable" }]);

    queryClient.setQueryData(voiceKeys.local, { voices: [], recognisers: [], spotters: [], longestSeconds: 300, denoises: false });
    listener.listen(false);
    listener.listen(true);
    await tick();
    expect(state.mock.lastCall).toMatchObject(["failed", { code: "models.unknown" }]);

    queryClient.setQueryData(voiceKeys.local, { voices: [], recognisers: [], spotters: [{ name: "kws" }], longestSeconds: 300, denoises: false });
    open.mockImplementationOnce(() => Promise.reject(new MicrophoneError()));
    listener.listen(false);
    listener.listen(true);
    await tick();
    expect(state.mock.lastCall?.[1]).toBeInstanceOf(MicrophoneError);
  });
});
