/** What everything here hears: 16-bit mono samples, so many a second. */
export const SAMPLE_RATE = 16_000;

/** Little-endian 16-bit samples in pieces of any length, from an earlier sample on. */
export class Recording {
  #samples = new Float32Array(SAMPLE_RATE * 4);
  #odd: number | undefined;
  /** The first sample that is still here, counted from the beginning of all. */
  #from = 0;
  #length = 0;

  /** One after the last sample, counted from the beginning of all. */
  get end(): number {
    return this.#from + this.#length;
  }

  append(piece: Buffer): void {
    const bytes = this.#odd === undefined ? piece : Buffer.concat([Buffer.from([this.#odd]), piece]);
    const count = bytes.length >> 1;
    this.#odd = bytes.length % 2 === 1 ? bytes[bytes.length - 1] : undefined;
    this.#reserve(count);
    for (let at = 0; at < count; at++) this.#samples[this.#length + at] = bytes.readInt16LE(at * 2) / 32_768;
    this.#length += count;
  }

  /** A copy, so that it may be kept. What is not here any more, or not yet, is left out. */
  slice(start: number, end: number): Float32Array {
    return this.#samples.slice(Math.max(0, start - this.#from), Math.max(0, Math.min(end - this.#from, this.#length)));
  }

  forgetBefore(sample: number): void {
    const gone = Math.min(Math.max(0, sample - this.#from), this.#length);
    // Moving what is left costs as much as it is long, so not for every few samples.
    if (gone < SAMPLE_RATE) return;
    this.#samples.copyWithin(0, gone, this.#length);
    this.#from += gone;
    this.#length -= gone;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#samples.length) return;
    const larger = new Float32Array(Math.max(this.#samples.length * 2, this.#length + count));
    larger.set(this.#samples.subarray(0, this.#length));
    this.#samples = larger;
  }
}

export function toPcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (let at = 0; at < samples.length; at++) bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, samples[at]!)) * 32_767), at * 2);
  return bytes;
}
