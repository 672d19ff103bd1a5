import type { PerformanceRequest, SpokenPerformance } from "@/shared/api/types";
import type { Sentence, Speech } from "@/shared/jean/speech";
import type { Clip, Output } from "./audio-output";

/** What the rest of the house sees of the speech. */
export interface SpeakerListener {
  /** A sentence begins to sound; `clock` tells the seconds of it heard so far. */
  began: (source: string, sentence: Sentence, performance: SpokenPerformance, clock: () => number) => void;
  /** Nothing sounds any more. */
  silent: () => void;
  /** Somebody is to be read, or nobody. */
  reading: (source: string | null) => void;
  /** The browser wants a press first, or no longer does. */
  blocked: (blocked: boolean) => void;
  /** The local voice that was chosen did not read a sentence; the built-in one did. */
  fellBack: () => void;
  /** There is no voice: what follows stays silent. */
  unavailable: () => void;
}

export interface SpeakerOptions<C extends Clip> {
  perform: (request: PerformanceRequest, signal: AbortSignal) => Promise<SpokenPerformance>;
  output: () => Output<C>;
  preferences: () => { voiceId: string | null; localVoice: string | null; rate: number };
  listener: SpeakerListener;
  /** Whether a failed request means that there is no voice at all. */
  isUnavailable: (error: unknown) => boolean;
  later?: (run: () => void, ms: number) => () => void;
}

interface Line<C> {
  source: string;
  sentence: Sentence;
  state: "waiting" | "fetching" | "ready" | "playing" | "failed";
  clip?: C;
  performance?: SpokenPerformance;
}

/** Sentences fetched ahead of the one that sounds. */
const ahead = 2;
/** Time the sound card gets to be ready, seconds. */
const leadSeconds = 0.02;
/** The next clip is put in place this long before the one that sounds ends. */
const handoverSeconds = 0.25;

const timer = (run: () => void, ms: number): (() => void) => {
  const id = setTimeout(run, ms);
  return () => clearTimeout(id);
};

/**
 * Says sentences one after the other without gaps while later ones are still being fetched. `interrupt` silences everything at once:
 * what sounds, what is fetched and what waits.
 */
export class Speaker<C extends Clip = Clip> implements Speech {
  readonly #options: SpeakerOptions<C>;
  readonly #later: (run: () => void, ms: number) => () => void;
  #output: Output<C> | null = null;
  #lines: Line<C>[] = [];
  #abort = new AbortController();
  #endsAt = 0;
  /** The end a handover is arranged for. */
  #handoverAt = 0;
  #stops: (() => void)[] = [];
  #silent = false;
  #blocked = false;
  #source: string | null = null;

  constructor(options: SpeakerOptions<C>) {
    this.#options = options;
    this.#later = options.later ?? timer;
  }

  unlock(): void {
    this.#output ??= this.#options.output();
    void this.#output.resume().then((running) => {
      if (!running) return;
      this.#setBlocked(false);
      this.#play();
    });
  }

  say(source: string, sentence: Sentence): void {
    if (this.#silent) return;
    this.#lines.push({ source, sentence, state: "waiting" });
    this.#read(this.#lines[0]!.source);
    this.#fetch();
  }

  interrupt(): void {
    if (this.#lines.length === 0) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#lines = [];
    this.#endsAt = this.#handoverAt = 0;
    this.#setBlocked(false);
    this.#end();
  }

  #fetch(): void {
    for (const line of this.#lines.slice(0, ahead + 1)) {
      if (line.state !== "waiting") continue;
      line.state = "fetching";
      void this.#prepare(line, this.#abort.signal);
    }
  }

  async #prepare(line: Line<C>, signal: AbortSignal): Promise<void> {
    const { voiceId, localVoice, rate } = this.#options.preferences();
    const { text, language } = line.sentence;
    try {
      const performance = await this.#options.perform({ text, rate, format: "wav", ...(language ? { language } : {}), ...(voiceId ? { voiceId } : {}), ...(localVoice ? { localVoice } : {}) }, signal);
      this.#output ??= this.#options.output();
      const clip = await this.#output.decode(bytesOf(performance.audio));
      if (signal.aborted) return;
      if (performance.fallbackCode) this.#options.listener.fellBack();
      Object.assign(line, { state: "ready", clip, performance });
    } catch (error) {
      if (signal.aborted) return;
      line.state = "failed";
      if (this.#options.isUnavailable(error)) {
        this.#silent = true;
        this.interrupt();
        this.#options.listener.unavailable();
        return;
      }
    }
    this.#play();
  }

  /** Puts every sentence in place whose turn it is: in order, each where the one before ends. */
  #play(): void {
    const output = this.#output;
    if (!output) return;
    this.#fetch();
    for (;;) {
      const line = this.#lines.find((l) => l.state !== "playing");
      if (!line) break;
      if (line.state === "failed") {
        this.#lines.splice(this.#lines.indexOf(line), 1);
        continue;
      }
      if (line.state !== "ready") break;
      if (!output.running) {
        this.#knock(output);
        return;
      }
      // Only the next one is put in place, shortly before its time: a barge-in has little to take back.
      if (this.#lines[0] !== line && this.#endsAt - output.time > handoverSeconds) {
        if (this.#handoverAt !== this.#endsAt) this.#after(this.#endsAt - output.time - handoverSeconds / 2, () => this.#play());
        this.#handoverAt = this.#endsAt;
        return;
      }
      this.#start(line, output);
    }
    if (this.#lines.length === 0) this.#end();
  }

  #start(line: Line<C>, output: Output<C>): void {
    const { clip, performance, source, sentence } = line as Required<Line<C>>;
    const at = Math.max(output.time + leadSeconds, this.#endsAt);
    line.state = "playing";
    this.#endsAt = at + clip.duration;
    this.#stops.push(output.play(clip, at));
    this.#after(at - output.time, () => {
      this.#read(source);
      this.#options.listener.began(source, sentence, performance, () => output.time - at);
    });
    this.#after(this.#endsAt - output.time, () => {
      this.#lines.splice(this.#lines.indexOf(line), 1);
      this.#play();
    });
  }

  #knock(output: Output<C>): void {
    void output.resume().then((running) => {
      if (this.#lines.length === 0) return;
      this.#setBlocked(!running);
      if (running) this.#play();
    });
  }

  #after(seconds: number, run: () => void): void {
    const { signal } = this.#abort;
    const cancel = this.#later(() => { if (!signal.aborted) run(); }, Math.max(0, seconds * 1000));
    signal.addEventListener("abort", cancel, { once: true });
  }

  #end(): void {
    this.#stops = [];
    this.#read(null);
    this.#options.listener.silent();
  }

  #read(source: string | null): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#options.listener.reading(source);
  }

  #setBlocked(blocked: boolean): void {
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#options.listener.blocked(blocked);
  }
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer;
}
