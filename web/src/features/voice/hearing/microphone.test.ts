import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MicrophoneError } from "@/shared/jean/hearing";
import { leaveOn, OpenMicrophone, record, turnOff } from "./microphone";
import type { Heard } from "./room";

const track = { stop: vi.fn() };
interface Port { postMessage: () => void; onmessage: (event: { data: Float32Array | null }) => void }
let tapped: Port;
const closed = vi.fn(() => Promise.resolve());
const getUserMedia = vi.fn(() => Promise.resolve({ getTracks: () => [track] }));
const hear = (...values: number[]): void => tapped.onmessage({ data: Float32Array.of(...values) });

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.stubGlobal("AudioContext", class {
    sampleRate = 10;
    audioWorklet = { addModule: () => Promise.resolve() };
    close = closed;
    resume = () => Promise.resolve();
    createMediaStreamSource = () => ({ connect: () => undefined });
  });
  vi.stubGlobal("AudioWorkletNode", class {
    // Hands over the rest, and says that it is over.
    port = tapped = { onmessage: () => undefined, postMessage: () => { hear(9); tapped.onmessage({ data: null }); } };
  });
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, configurable: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the microphone", () => {
  it("is off when it is finished, with all that was said, as often as that is asked", async () => {
    const microphone = await record(100, () => undefined);
    hear(1, 2);
    hear(3);
    const all = { samples: Float32Array.of(1, 2, 3, 9), rate: 10 };
    expect(await microphone.finish()).toEqual(all);
    expect(await microphone.finish()).toEqual(all);
    expect(track.stop).toHaveBeenCalledOnce();
    expect(closed).toHaveBeenCalledOnce();
  });

  it("says once that it is full, and hands over no more", async () => {
    const full = vi.fn(), heard = vi.fn<(piece: Heard) => void>();
    await record(0.3, full, heard);
    hear(1, 2);
    expect(full).not.toHaveBeenCalled();
    hear(3, 4);
    hear(5);
    expect(full).toHaveBeenCalledOnce();
    expect(heard.mock.calls.map(([{ samples }]) => [...samples])).toEqual([[1, 2], [3]]);
  });

  it("that is refused is a microphone error", async () => {
    getUserMedia.mockImplementationOnce(() => Promise.reject(new DOMException("", "NotAllowedError")));
    await expect(record(1, () => undefined)).rejects.toBeInstanceOf(MicrophoneError);
    expect(closed).toHaveBeenCalledOnce();
  });
});

describe("a microphone that a call left on", () => {
  it("is taken up with what was said since, and nothing is missed", async () => {
    const open = await OpenMicrophone.open();
    const before = vi.fn();
    open.hear(before);
    hear(1);
    open.release([{ samples: Float32Array.of(2), sound: true }]);
    leaveOn(open);
    hear(3);
    const heard: number[] = [];
    const microphone = await record(100, () => undefined, ({ samples }) => heard.push(...samples), true);
    expect(getUserMedia).toHaveBeenCalledOnce();
    expect(heard).toEqual([]);
    hear(4);
    expect(heard).toEqual([2, 3, 4]);
    expect(before).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(track.stop).not.toHaveBeenCalled();
    expect((await microphone.finish()).samples).toEqual(Float32Array.of(2, 3, 4, 9));
    await record(100, () => undefined);
    expect(getUserMedia).toHaveBeenCalledTimes(2);
  });

  it("knows the room already: a voice that speaks on is no quiet of it", async () => {
    const open = await OpenMicrophone.open();
    open.hear(() => undefined);
    for (let i = 0; i < 10; i++) hear(0.001, -0.001);
    open.release([]);
    leaveOn(open);
    const heard = vi.fn<(piece: Heard) => void>();
    await record(100, () => undefined, heard);
    hear(0.1, -0.1);
    hear(0.001, -0.001);
    expect(heard.mock.calls.map(([{ sound }]) => sound)).toEqual([true, false]);
  });

  it("is off when nothing takes it up, or something that has its own", async () => {
    leaveOn(await OpenMicrophone.open());
    await vi.advanceTimersByTimeAsync(1_999);
    expect(track.stop).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(track.stop).toHaveBeenCalledOnce();

    leaveOn(await OpenMicrophone.open());
    turnOff();
    await vi.advanceTimersByTimeAsync(0);
    expect(track.stop).toHaveBeenCalledTimes(2);
  });
});
