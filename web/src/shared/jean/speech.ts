import { create } from "zustand";

/** A piece of speech: a sentence without Markdown. */
export interface Sentence {
  text: string;
  language: string | null;
}

/** Jean's mouth. Voice provides it, Chat uses it: they never import each other. */
export interface Speech {
  /** Lets the browser play sound later; must be called while a press or a key is being handled. */
  unlock: () => void;
  /** Adds a sentence to what she is saying for `source`, a message. */
  say: (source: string, sentence: Sentence) => void;
  /** Silence, at once. */
  interrupt: () => void;
}

interface SpeechState {
  /** The message she is reading. */
  source: string | null;
  /** The browser waits for a press before it plays sound. */
  blocked: boolean;
  /** There is no voice; said once, and the answers stay silent. */
  unavailable: boolean;
}
export const useSpeech = create<SpeechState>()(() => ({ source: null, blocked: false, unavailable: false }));

let load: (() => Promise<Speech>) | null = null;
let loading: Promise<Speech> | null = null;
let loaded: Speech | null = null;
let silences = 0;

/** Counts the interruptions: what belongs to an answer that was interrupted is not said after it. */
export const silenceCount = (): number => silences;

/** Tells where the voice is; it is fetched when she first speaks. */
export function provideSpeech(provider: () => Promise<Speech>): void {
  load = provider;
}

function speech(): Promise<Speech> | null {
  if (!load) return null;
  loading ??= load().then((made) => (loaded = made), (error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Fetches the voice before it is needed, so that the press that sends a question also allows the sound. */
export const preloadSpeech = (): void => void speech()?.catch(() => undefined);

export function unlockSpeech(): void {
  if (loaded) loaded.unlock();
  else speech()?.then((made) => made.unlock(), () => undefined);
}

export function say(source: string, sentence: Sentence): void {
  if (loaded) return loaded.say(source, sentence);
  const before = silences;
  speech()?.then((made) => { if (before === silences) made.say(source, sentence); }, () => undefined);
}

export function interruptSpeech(): void {
  if (useSpeech.getState().source !== null || (loading && !loaded)) silences++;
  loaded?.interrupt();
}
