/** A dictation that runs. */
export interface Listening {
  /** Ends it: what was said is written down. */
  stop: () => void;
  /** Ends it and throws away what was said. */
  cancel: () => void;
}

export interface Listener {
  /** BCP 47, of the page. */
  language: string;
  /** Nobody presses a button at the end: it is over when one has spoken and is quiet, or says nothing at all. */
  endsByItself?: boolean;
  /** Something that was said; may come several times. */
  heard: (text: string) => void;
  /** What is being said: the next of these takes its place, and so does what is `heard`. Not every recogniser tells it. */
  saying: (text: string) => void;
  /** The microphone is off, and what was said is being written down. */
  writing: () => void;
  /** It is over, once: with what went wrong, or null. */
  ended: (error: unknown) => void;
}

/** The microphone cannot be used. */
export class MicrophoneError extends Error {
  override readonly name = "MicrophoneError";
}

/** Jean's ears. Voice provides them, Chat uses them: they never import each other. */
export type Hear = (hearing: string, listener: Listener) => Promise<Listening>;

let load: (() => Promise<Hear>) | null = null;

/** Tells where the ears are; they are fetched when somebody first dictates. */
export function provideHearing(provider: () => Promise<Hear>): void {
  load = provider;
}

/** Begins to listen with what the person chose: `browser`, or `local/` and the name of a recogniser of the server. Throws when there is no microphone. */
export async function hear(hearing: string, listener: Listener): Promise<Listening> {
  if (!load) throw new MicrophoneError();
  return (await load())(hearing, listener);
}

/** Whether the browser itself writes down speech. */
export const browserHears = (): boolean => "SpeechRecognition" in window || "webkitSpeechRecognition" in window;
