import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/error";
import { listenLive } from "./live";
import type { Microphone } from "./microphone";
import type { Heard } from "./room";

const microphone = { piece: vi.fn<(samples: Float32Array) => void>(), full: vi.fn<() => void>(), finish: vi.fn(() => Promise.resolve({ samples: new Float32Array(), rate: 16_000 })) };
vi.mock("./microphone", () => ({
  record: (_: number, full: () => void, heard: (piece: Heard, rate: number) => void): Promise<Microphone> => {
    Object.assign(microphone, { full, piece: (samples: Float32Array) => heard({ samples, sound: false }, 16_000) });
    return Promise.resolve(microphone);
  },
}));

class Line {
  static readonly OPEN = 1;
  static made: Line;
  readyState = 0;
  readonly sent: unknown[] = [];
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: () => void = () => undefined;
  close = vi.fn(() => this.onclose());
  constructor(readonly url: string) { Line.made = this; }
  send(data: unknown): void { this.sent.push(data); }
  open(): void { this.readyState = 1; this.onopen(); }
  tell(told: unknown): void { this.onmessage({ data: JSON.stringify(told) }); }
}

const listener = { language: "en", heard: vi.fn(), saying: vi.fn(), writing: vi.fn(), ended: vi.fn() };
const settle = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("WebSocket", Line);
});

describe("words while they are spoken", () => {
  it("sends what was recorded before the line was open, then the rest, then the end", async () => {
    const listening = await listenLive("zip former", true, 300, listener);
    expect(Line.made.url).toBe("/api/voice/dictations?recogniser=zip%20former&denoise=true");
    microphone.piece(Float32Array.of(0, 1));
    Line.made.open();
    microphone.piece(Float32Array.of(-1));
    listening.stop();
    listening.stop();
    await settle();
    expect(Line.made.sent.map((one) => one === "end" ? one : (one as ArrayBuffer).byteLength)).toEqual([4, 2, "end"]);
    expect(listener.writing).toHaveBeenCalledOnce();
    expect(listener.ended).not.toHaveBeenCalled();
  });

  it("shows what may change, hands over what is final, and ends once", async () => {
    await listenLive("ear", true, 300, listener);
    Line.made.open();
    Line.made.tell({ type: "heard", text: "wat", final: false });
    Line.made.tell({ type: "heard", text: "water", final: true });
    expect(listener.saying.mock.calls).toEqual([["wat"], [""]]);
    expect(listener.heard.mock.calls).toEqual([["water"]]);
    Line.made.tell({ type: "done" });
    expect(listener.ended.mock.calls).toEqual([[null]]);
    expect(microphone.finish).toHaveBeenCalled();
  });

  it("keeps what was said when the line breaks or the server refuses", async () => {
    await listenLive("ear", true, 300, listener);
    Line.made.tell({ type: "heard", text: "half a sent", final: false });
    Line.made.onclose();
    expect(listener.heard.mock.calls).toEqual([["half a sent"]]);
    expect((listener.ended.mock.calls[0] as [ApiError])[0].status).toBe(0);

    vi.clearAllMocks();
    await listenLive("ear", true, 300, listener);
    Line.made.tell({ type: "failed", code: "models.unknown", status: 404, detail: "Gone." });
    expect((listener.ended.mock.calls[0] as [ApiError])[0].code).toBe("models.unknown");
    expect(listener.ended).toHaveBeenCalledOnce();
  });

  it("ends by itself after words and silence, where that is wanted", async () => {
    const silence = (seconds: number): void => { for (let passed = 0; passed < seconds; passed += 0.25) microphone.piece(new Float32Array(4_000)); };
    await listenLive("ear", false, 300, { ...listener, endsByItself: true });
    Line.made.open();
    Line.made.tell({ type: "heard", text: "water", final: false });
    silence(3);
    expect(listener.writing).not.toHaveBeenCalled();
    Line.made.tell({ type: "heard", text: "water", final: true });
    silence(1.5);
    expect(listener.writing).not.toHaveBeenCalled();
    silence(1);
    expect(listener.writing).toHaveBeenCalledOnce();
    await settle();
    expect(Line.made.sent.at(-1)).toBe("end");

    vi.clearAllMocks();
    await listenLive("ear", false, 300, listener);
    Line.made.tell({ type: "heard", text: "water", final: true });
    silence(60);
    expect(listener.writing).not.toHaveBeenCalled();
  });

  it("throws away what was said when it is called off", async () => {
    const listening = await listenLive("ear", true, 300, listener);
    Line.made.tell({ type: "heard", text: "never mind", final: false });
    listening.cancel();
    expect(listener.heard).not.toHaveBeenCalled();
    expect(listener.ended.mock.calls).toEqual([[null]]);
    expect(Line.made.close).toHaveBeenCalled();
  });
});
