/** Sound that can be played: decoded, with a length in seconds. */
export interface Clip {
  readonly duration: number;
}

/** What the speaker needs of a sound card; the browser's is below. */
export interface Output<C extends Clip = Clip> {
  /** Seconds, the clock that starts and ends are given in. */
  readonly time: number;
  /** Whether sound may be heard now; a browser refuses before the first press. */
  readonly running: boolean;
  /** Asks for permission; true when sound may be heard. */
  resume: () => Promise<boolean>;
  decode: (bytes: ArrayBuffer) => Promise<C>;
  /** Plays a clip at a time of the clock; the answer silences it at once. */
  play: (clip: C, at: number) => () => void;
}

/** Lets whole-product tests listen to what a person would hear. */
export interface AudioProbe {
  /** Loudness now, 0 to 1. */
  rms: () => number;
  playing: () => boolean;
}
declare global {
  interface Window {
    __jeanAudio?: AudioProbe;
  }
}

const fadeSeconds = 0.012;

export class BrowserOutput implements Output<AudioBuffer> {
  readonly #context = new AudioContext({ latencyHint: "interactive" });
  readonly #ear = this.#context.createAnalyser();
  #sounding = 0;

  constructor() {
    this.#ear.fftSize = 1024;
    this.#ear.connect(this.#context.destination);
    const samples = new Float32Array(this.#ear.fftSize);
    window.__jeanAudio = {
      rms: () => {
        this.#ear.getFloatTimeDomainData(samples);
        return Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
      },
      playing: () => this.#sounding > 0 && this.running,
    };
  }

  get time(): number {
    return this.#context.currentTime;
  }

  get running(): boolean {
    return this.#context.state === "running";
  }

  async resume(): Promise<boolean> {
    if (this.running) return true;
    // Without a press some browsers never settle this promise.
    await Promise.race([this.#context.resume().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 300))]);
    return this.running;
  }

  decode(bytes: ArrayBuffer): Promise<AudioBuffer> {
    return this.#context.decodeAudioData(bytes);
  }

  play(clip: AudioBuffer, at: number): () => void {
    const source = this.#context.createBufferSource();
    const gain = this.#context.createGain();
    source.buffer = clip;
    source.connect(gain).connect(this.#ear);
    source.start(at);
    this.#sounding++;
    source.onended = () => {
      this.#sounding--;
      gain.disconnect();
    };
    return () => {
      // A few milliseconds of fading instead of a click.
      gain.gain.setTargetAtTime(0, this.#context.currentTime, fadeSeconds / 3);
      source.stop(this.#context.currentTime + fadeSeconds);
    };
  }
}
