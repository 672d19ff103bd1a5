import { create } from "zustand";

/** What Jean is doing right now, in one word; the dock says it in the person's language. */
export type JeanActivity = "idle" | "listening" | "thinking" | "writing" | "speaking" | "failed";

/** Timed mouth shapes and expressions that go with an audio clip. */
export interface Performance {
  durationMs: number;
  visemes: { atMs: number; viseme: string; weight?: number }[];
  expressions: { atMs: number; name: string; weight: number }[];
}

interface JeanState {
  activity: JeanActivity;
  /** What she is saying, sentence by sentence. */
  caption: string;
  captionLanguage: string | null;
  /** The performance being played and a clock of the seconds of audio heard so far. */
  playing: { performance: Performance; clock: () => number } | null;
  /** Stops her in mid-sentence; set by whoever makes her speak. */
  interrupt: (() => void) | null;
}

/** Jean as the shell sees her. Chat and Voice write it, the dock reads it: they never import each other. */
export const useJean = create<JeanState>()(() => ({ activity: "idle", caption: "", captionLanguage: null, playing: null, interrupt: null }));
