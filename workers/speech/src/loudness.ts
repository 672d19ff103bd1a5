/** Samples of a frame: 10 ms. */
export const FRAME = 160;

/** How far above the loudest of the noise a frame is heard: 1.5 dB. */
const MARGIN = 1.4;

/** One-pole filters at about 1 kHz and 300 Hz. */
const SPLIT = 0.325;
const RUMBLE = 0.11;

/**
 * How loud it was between 300 Hz and 1 kHz, and above, in frames from the beginning of all; old ones are forgotten. Noise and speech are seldom as loud in
 * both, and what is lower than a voice changes too slowly to tell its parts from each other.
 */
export class Loudness {
  readonly #bands: [number[], number[]] = [[], []];
  #from = 0;
  #low = 0;
  readonly #rumble = [0, 0];
  #sums: [number, number] = [0, 0];
  #count = 0;

  take(samples: Float32Array): void {
    for (const sample of samples) {
      this.#low += SPLIT * (sample - this.#low);
      let low = this.#low;
      for (const at of [0, 1] as const) low -= this.#rumble[at] = this.#rumble[at]! + RUMBLE * (low - this.#rumble[at]!);
      this.#sums[0] += low ** 2;
      this.#sums[1] += (sample - this.#low) ** 2;
      if (++this.#count < FRAME) continue;
      this.#bands[0].push(this.#sums[0]);
      this.#bands[1].push(this.#sums[1]);
      this.#sums = [0, 0];
      this.#count = 0;
    }
  }

  forgetBefore(frame: number): void {
    const gone = frame - this.#from;
    if (gone < 500) return;
    for (const band of this.#bands) band.splice(0, gone);
    this.#from = frame;
  }

  /** The loudest of each band from one frame up to another; undefined where that are too few to tell noise by. */
  noise(from: number, to: number): [number, number] | undefined {
    if (to - from < 8) return undefined;
    const loudest = (band: number[]) => Math.max(...Array.from({ length: to - from - 2 }, (_, at) => this.#near(band, from + 1 + at)));
    return [loudest(this.#bands[0]), loudest(this.#bands[1])];
  }

  /** The first frame that stands out of the noise, looking from one towards another in either direction. */
  heard(from: number, to: number, noise: [number, number]): number | undefined {
    const step = from < to ? 1 : -1;
    for (let frame = from; frame !== to; frame += step) if (this.#stands(frame, noise)) return frame;
    return undefined;
  }

  #stands(frame: number, noise: [number, number]): boolean {
    return this.#bands.some((band, which) => this.#near(band, frame) > noise[which]! * MARGIN);
  }

  /** Over three frames, as single ones of noise are loud by chance. */
  #near(band: number[], frame: number): number {
    const near = band.slice(Math.max(0, frame - 1 - this.#from), Math.max(0, frame + 2 - this.#from));
    return near.length === 0 ? 0 : near.reduce((sum, value) => sum + value, 0) / near.length;
  }
}
