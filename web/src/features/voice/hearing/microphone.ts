import { MicrophoneError } from "@/shared/jean/hearing";
import { Room, type Heard } from "./room";
import { joined } from "./samples";
import tapUrl from "./tap.worklet.js?url&no-inline";

/** What was recorded, at the sound card's own rate. */
export interface Recording {
  samples: Float32Array;
  rate: number;
}

/** The microphone while it records. */
export interface Microphone {
  /** Off, with all that was said. Calling it again gives the same. */
  finish: () => Promise<Recording>;
}

/** The microphone while it is on. What it hears before anybody wants it waits. */
export class OpenMicrophone {
  readonly #context: AudioContext;
  readonly #stream: MediaStream;
  readonly #tap: AudioWorkletNode;
  readonly #room = new Room();
  readonly #waiting: Heard[] = [];
  readonly #over: Promise<void>;
  #hear: ((piece: Heard) => void) | null = null;
  #off: Promise<void> | null = null;

  private constructor(context: AudioContext, stream: MediaStream) {
    this.#context = context;
    this.#stream = stream;
    this.#tap = new AudioWorkletNode(context, "tap", { numberOfInputs: 1, numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    this.#over = new Promise((resolve) => {
      this.#tap.port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => {
        if (data) this.#waiting.push(this.#room.judge(data));
        if (this.#hear) for (const piece of this.#waiting.splice(0)) this.#hear(piece);
        if (data === null) resolve();
      };
    });
    context.createMediaStreamSource(stream).connect(this.#tap);
  }

  static async open(): Promise<OpenMicrophone> {
    const context = new AudioContext();
    let stream: MediaStream | null = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
      await context.audioWorklet.addModule(tapUrl);
      await context.resume();
      return new OpenMicrophone(context, stream);
    } catch (error) {
      for (const track of stream?.getTracks() ?? []) track.stop();
      void context.close();
      throw new MicrophoneError("", { cause: error });
    }
  }

  /** In hertz. */
  get rate(): number {
    return this.#context.sampleRate;
  }

  /** Hands over each piece as it comes, in place of whoever had it before; what waited goes first, with the next of them. */
  hear(hear: (piece: Heard) => void): void {
    this.#hear = hear;
  }

  /** Leaves it on for another, who hears these pieces first. */
  release(pieces: Heard[]): void {
    this.#hear = null;
    this.#waiting.unshift(...pieces);
  }

  /** Off, after the last piece was handed over. */
  off(): Promise<void> {
    return (this.#off ??= this.#end());
  }

  async #end(): Promise<void> {
    this.#tap.port.postMessage(null);
    await this.#over;
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
  }
}

/** Asks for the microphone, or takes up the one that a call left on, and records; `full` is called once when it has recorded for so long. With `heard` each piece is handed over as it comes, and none is kept unless that is asked for. */
export async function record(longestSeconds: number, full: () => void, heard?: (piece: Heard, rate: number) => void, kept = !heard): Promise<Microphone> {
  const open = takeUp() ?? await OpenMicrophone.open();
  const { rate } = open;
  const pieces: Float32Array[] = [];
  let left = longestSeconds * rate;
  open.hear(({ samples: all, sound }) => {
    const before = left;
    if (left > 0) {
      const samples = all.subarray(0, left);
      heard?.({ samples, sound }, rate);
      if (kept) pieces.push(samples);
    }
    left -= all.length;
    if (before > 0 && left <= 0) full();
  });
  return {
    finish: async () => {
      await open.off();
      return { samples: joined(pieces), rate };
    },
  };
}

/** What a call begins, it begins at once. */
const takenUpMs = 2_000;

let leftOn: { open: OpenMicrophone; timer: ReturnType<typeof setTimeout> } | null = null;

/** Leaves the microphone on for what begins now, so that nothing of it is missed; off when nothing does. */
export function leaveOn(open: OpenMicrophone): void {
  turnOff();
  leftOn = { open, timer: setTimeout(turnOff, takenUpMs) };
}

/** Nobody here needs the one that was left on. */
export function turnOff(): void {
  void takeUp()?.off();
}

function takeUp(): OpenMicrophone | null {
  const open = leftOn?.open ?? null;
  clearTimeout(leftOn?.timer);
  leftOn = null;
  return open;
}
