import { SAMPLE_RATE } from "./audio.js";
import { FRAME, Loudness } from "./loudness.js";
import { sherpa, voiceActivityModel, type Vad } from "./sherpa.js";

/** Samples that the model judges at once, after this many of what was before them. */
const WINDOW = 512;
const CONTEXT = 64;

/** So long a stretch of speech is taken out of the library's memory: it copies all of it with every window. */
const LONG_WINDOWS = Math.round((8 * SAMPLE_RATE) / WINDOW);

/** Frames of 10 ms whose loudness is looked at again. */
const REMEMBERED = 200;

/** Frames before a border by the model in which the end may have been, and around it in which the beginning may be. */
const LATE_END = 35;
const LATE_START = 10;

/** All durations in seconds. */
export interface ActivityOptions {
  /** Likelihood from which a window is speech. */
  threshold: number;
  /** Shorter stretches are a click or a cough. */
  minSpeech: number;
  /** Shorter pauses belong to the speech around them. */
  minSilence: number;
  /** The model hears a beginning a little late; it is put so much earlier. */
  lead: number;
  /** Longer speech is told in pieces. */
  longest: number;
  /** The model hears on after an end; it is put so much later (earlier, where it is negative). */
  trail: number;
}

export const DEFAULTS: ActivityOptions = { threshold: 0.5, minSpeech: 0.1, minSilence: 0.25, lead: 0.03, trail: 0, longest: Number.POSITIVE_INFINITY };

/** In samples from the beginning of all. */
export interface Stretch {
  start: number;
  end: number;
}

/**
 * Tells speech from what is not, as the samples come. The library's own segments begin and end by its buffers; here its judgement of each window is
 * asked for, and the borders are found from that.
 */
export class Activity {
  readonly #vad: Vad;
  readonly #options: ActivityOptions;
  readonly #loudness = new Loudness();
  #fed = 0;
  #loud = 0;
  #speaking = false;
  /** Where the stretch that is being heard began, and where its last window of speech ended. */
  #start: number | undefined;
  #end = 0;
  #before: [number, number] | undefined;
  /** Nothing begins before the end of what was told. */
  #told = 0;

  constructor(options: Partial<ActivityOptions>) {
    this.#options = { ...DEFAULTS, ...options };
    this.#vad = new (sherpa().Vad)(
      {
        sileroVad: {
          model: voiceActivityModel(),
          threshold: this.#options.threshold,
          // As good as none: how long speech and silence must be is decided below, where the borders are known.
          minSpeechDuration: 0.001,
          minSilenceDuration: 0.001,
          maxSpeechDuration: 3600,
          windowSize: WINDOW,
        },
        sampleRate: SAMPLE_RATE,
        numThreads: 1,
        debug: false,
      },
      30,
    );
  }

  /** So many samples are taken at a time. */
  static readonly step = WINDOW;

  /** Where the stretch that is being heard began; undefined between two. */
  get open(): number | undefined {
    return this.#start;
  }

  /** Takes the next samples, and gives the stretch that is known to have ended by them. */
  take(samples: Float32Array): Stretch | undefined {
    this.#loudness.take(samples);
    this.#vad.acceptWaveform(samples);
    const window = this.#fed++ - 1;
    if (window < 0) return undefined;
    const speaking = this.#vad.isDetected();
    // It says so with the second window of speech, and of silence.
    const border = (window - 1) * WINDOW + CONTEXT;
    if (speaking && !this.#speaking) this.#start ??= this.#beginning(border);
    if (!speaking && this.#speaking) {
      this.#end = border;
      this.#vad.clear();
    }
    this.#speaking = speaking;
    this.#loudness.forgetBefore(Math.floor((window * WINDOW) / FRAME) - REMEMBERED);
    this.#loud = speaking ? this.#loud + 1 : 0;
    if (this.#loud >= LONG_WINDOWS) {
      this.#vad.flush();
      this.#vad.clear();
      this.#loud = 0;
    }
    const now = (window + 1) * WINDOW + CONTEXT;
    if (this.#start === undefined) return undefined;
    if (!speaking && now - this.#end >= this.#samples(this.#options.minSilence)) return this.#close(this.#ending(now));
    if (now - this.#start < this.#samples(this.#options.longest)) return undefined;
    const piece = { start: this.#start, end: now };
    this.#start = this.#told = now;
    return piece;
  }

  /** All samples have come, so many: what is being heard ends with them. */
  finish(total: number): Stretch | undefined {
    if (this.#start === undefined) return undefined;
    return this.#close(this.#speaking ? total : this.#end, total);
  }

  /** The model is a little late. */
  #beginning(border: number): number {
    const at = Math.floor(border / FRAME);
    const quiet = Math.max(Math.ceil(this.#told / FRAME), at - 50);
    this.#before = this.#loudness.noise(quiet, at - LATE_START);
    const heard = this.#before && this.#loudness.heard(at - LATE_START, at + 3, this.#before);
    return Math.max(this.#told, (heard === undefined ? border : heard * FRAME) - this.#samples(this.#options.lead));
  }

  /** The model hears on for up to a third of a second; where the voice fell below the noise is nearer to the truth. */
  #ending(now: number): number {
    const at = Math.floor(this.#end / FRAME);
    const noise = this.#loudness.noise(at + 5, Math.floor(now / FRAME)) ?? this.#before;
    const heard = noise && this.#loudness.heard(at + 3, Math.max(at - LATE_END, Math.ceil(this.#start! / FRAME)), noise);
    return heard === undefined ? this.#end : Math.min(this.#end, (heard + 1) * FRAME);
  }

  #close(end: number, total = Number.POSITIVE_INFINITY): Stretch | undefined {
    const start = this.#start!;
    this.#start = undefined;
    const stretch = { start, end: Math.max(start, Math.min(end + this.#samples(this.#options.trail), total)) };
    if (end - start < this.#samples(this.#options.minSpeech + this.#options.lead)) return undefined;
    this.#told = stretch.end;
    return stretch;
  }

  #samples(seconds: number): number {
    return Math.round(seconds * SAMPLE_RATE);
  }
}
