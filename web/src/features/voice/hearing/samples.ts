/** What recognisers hear, in hertz. */
export const heardRate = 16_000;

/** Zero crossings of the filter on each side: enough that nothing folds back into what is heard. */
const reach = 16;

/** Another rate for the same sound as it comes, low-passed where samples are left out. Source: J. O. Smith, Digital Audio Resampling. */
export class Resampler {
  readonly #step: number;
  readonly #scale: number;
  readonly #side: number;
  #samples: Float32Array = new Float32Array();
  /** Of the first sample that is still here, counted from the beginning of all. */
  #from = 0;
  #made = 0;

  constructor(from: number, to = heardRate) {
    this.#step = from / to;
    this.#scale = Math.min(1, to / from);
    this.#side = Math.ceil(reach / this.#scale);
  }

  /** What is known by these samples; the last of it comes with `last`. */
  push(samples: Float32Array, last = false): Float32Array {
    if (this.#step === 1) return samples;
    this.#samples = joined([this.#samples, samples]);
    const end = this.#from + this.#samples.length;
    const count = Math.max(0, Math.floor((last ? end : end - this.#side - 1) / this.#step) - this.#made);
    const made = Float32Array.from({ length: count }, (_, i) => this.#at((this.#made + i) * this.#step));
    this.#made += count;
    const needed = Math.max(0, Math.ceil(this.#made * this.#step - this.#side) - this.#from);
    this.#samples = this.#samples.subarray(needed);
    this.#from += needed;
    return made;
  }

  #at(centre: number): number {
    const first = Math.max(this.#from, Math.ceil(centre - this.#side));
    const last = Math.min(this.#from + this.#samples.length - 1, Math.floor(centre + this.#side));
    let sum = 0;
    for (let at = first; at <= last; at++) sum += this.#samples[at - this.#from]! * kernel((at - centre) * this.#scale, this.#side * this.#scale);
    return sum * this.#scale;
  }
}

/** All of a sound at another rate. */
export const resample = (samples: Float32Array, from: number, to = heardRate): Float32Array => new Resampler(from, to).push(samples, true);

/** A sinc below a Hann window. */
function kernel(x: number, width: number): number {
  if (Math.abs(x) >= width) return 0;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / width);
  return Math.abs(x) < 1e-9 ? window : (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
}

/** 16-bit little-endian, as the server reads it. */
export function toPcm(samples: Float32Array): ArrayBuffer {
  const bytes = new ArrayBuffer(samples.length * 2);
  const view = new DataView(bytes);
  samples.forEach((sample, at) => view.setInt16(at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true));
  return bytes;
}

/** Pieces as one. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
