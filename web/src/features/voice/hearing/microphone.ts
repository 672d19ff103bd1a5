import { MicrophoneError } from "@/shared/jean/hearing";
import { joined } from "./samples";
import tapUrl from "./tap.worklet.js?url&no-inline";

/** What was recorded, at the sound card's own rate. */
export interface Recording {
  samples: Float32Array;
  rate: number;
}

/** The microphone while it is on. */
export interface Microphone {
  /** Off, with all that was said. Calling it again gives the same. */
  finish: () => Promise<Recording>;
}

/** Asks for the microphone and records; `full` is called once when it has recorded for so long. With `heard` each piece is handed over as it comes, and none is kept unless that is asked for. */
export async function record(longestSeconds: number, full: () => void, heard?: (piece: Float32Array, rate: number) => void, kept = !heard): Promise<Microphone> {
  const context = new AudioContext();
  let stream: MediaStream | null = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    await context.audioWorklet.addModule(tapUrl);
    await context.resume();
  } catch (error) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    void context.close();
    throw new MicrophoneError("", { cause: error });
  }

  const tap = new AudioWorkletNode(context, "tap", { numberOfInputs: 1, numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  const pieces: Float32Array[] = [];
  let left = longestSeconds * context.sampleRate;
  const over = new Promise<void>((resolve) => {
    tap.port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => {
      if (data === null) return resolve();
      const before = left;
      if (left > 0) {
        heard?.(data.subarray(0, left), context.sampleRate);
        if (kept) pieces.push(data.subarray(0, left));
      }
      left -= data.length;
      if (before > 0 && left <= 0) full();
    };
  });
  context.createMediaStreamSource(stream).connect(tap);
  const off = async (): Promise<Recording> => {
    tap.port.postMessage(null);
    await over;
    for (const track of stream.getTracks()) track.stop();
    void context.close();
    return { samples: joined(pieces), rate: context.sampleRate };
  };
  let finished: Promise<Recording> | null = null;
  return { finish: () => (finished ??= off()) };
}
