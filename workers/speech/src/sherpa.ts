import { existsSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CallFailure } from "../../shared/dist/calls.js";

// The parts of sherpa-onnx-node that are used here; the package has no types of its own for them.

export interface Vad {
  acceptWaveform(samples: Float32Array): void;
  isDetected(): boolean;
  clear(): void;
  flush(): void;
}

export interface Stream {
  acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void;
}

export interface OnlineStream extends Stream {
  inputFinished(): void;
}

/** Writes while one speaks. What it computes holds up everything else, so it is asked for one chunk at a time. */
export interface OnlineRecogniser {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  isEndpoint(stream: OnlineStream): boolean;
  reset(stream: OnlineStream): void;
  getResult(stream: OnlineStream): { text: string; timestamps?: number[]; start_time?: number };
}

/** Tells a few words from all others. As of the recogniser, one chunk at a time. */
export interface KeywordSpotter {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  reset(stream: OnlineStream): void;
  /** Times are in seconds, of where each piece of the word begins. */
  getResult(stream: OnlineStream): { keyword: string; timestamps?: number[] };
}

export interface Recogniser {
  createStream(): Stream;
  decodeAsync(stream: Stream): Promise<{ text: string; lang?: string }>;
}

/** Who spoke when, in seconds. */
export interface Turn {
  start: number;
  end: number;
  speaker: number;
}

export interface Diarisation {
  readonly handle: unknown;
  readonly sampleRate: number;
  setConfig(config: unknown): void;
}

export interface Embedder {
  readonly dim: number;
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  compute(stream: OnlineStream, enableExternalBuffer: boolean): Float32Array;
}

export interface LanguageFinder {
  createStream(): Stream;
  compute(stream: Stream): string;
}

export interface Denoiser {
  readonly sampleRate: number;
  run(wave: { samples: Float32Array; sampleRate: number; enableExternalBuffer: boolean }): { samples: Float32Array };
  flush(enableExternalBuffer: boolean): { samples: Float32Array };
}

export interface Voice {
  numSpeakers: number;
  sampleRate: number;
  generateAsync(request: { text: string; sid: number; speed: number; enableExternalBuffer: boolean }): Promise<{ samples: Float32Array; sampleRate: number }>;
}

export interface Sherpa {
  version: string;
  Vad: new (config: unknown, bufferSizeInSeconds: number) => Vad;
  OfflineSpeakerDiarization: new (config: unknown) => Diarisation;
  SpeakerEmbeddingExtractor: new (config: unknown) => Embedder;
  SpokenLanguageIdentification: new (config: unknown) => LanguageFinder;
  OnlineSpeechDenoiser: new (config: unknown) => Denoiser;
  OnlineRecognizer: new (config: unknown) => OnlineRecogniser;
  KeywordSpotter: new (config: unknown) => KeywordSpotter;
  OfflineRecognizer: { createAsync(config: unknown): Promise<Recogniser> };
  OfflineTts: { createAsync(config: unknown): Promise<Voice> };
}

const require = createRequire(import.meta.url);

/** Loaded by the first that needs it: the library takes longer than the rest of this program. */
let loaded: Sherpa | undefined;

export function sherpa(): Sherpa {
  try {
    return (loaded ??= load());
  } catch (error) {
    throw new CallFailure("engine_missing", `sherpa-onnx cannot be used here: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The package looks for its native part in its own folder and beside it only; set-up puts the native parts of all workers one folder up. */
function load(): Sherpa {
  const addon = require.resolve("sherpa-onnx-node/addon.js");
  const native = new Module(addon);
  native.exports = require(`sherpa-onnx-${process.platform === "win32" ? "win" : process.platform}-${process.arch}/sherpa-onnx.node`);
  native.loaded = true;
  require.cache[addon] = native;
  return require("sherpa-onnx-node") as Sherpa;
}

/** The package has no name for this one: its own blocks everything until all is done, which may take minutes. */
export function diariseAsync({ handle }: Diarisation, samples: Float32Array, progress: (done: number, of: number) => void): Promise<Turn[]> {
  const addon = require("sherpa-onnx-node/addon.js") as { offlineSpeakerDiarizationProcessAsync(handle: unknown, samples: Float32Array, progress: unknown): Promise<Turn[]> };
  return addon.offlineSpeakerDiarizationProcessAsync(handle, samples, progress);
}

/** Null when it is not installed. */
export function packageFolder(name: string): string | null {
  try {
    return dirname(require.resolve(name));
  } catch {
    return null;
  }
}

/** The Silero model that comes with the package, MIT-licensed as it is. */
export function voiceActivityModel(): string {
  const folder = packageFolder("@ricky0123/vad-web");
  const file = folder === null ? null : join(folder, "silero_vad_v5.onnx");
  if (file === null || !existsSync(file)) throw new CallFailure("engine_missing", "The model that tells speech from silence is not installed. Run ./jean setup.");
  return file;
}
