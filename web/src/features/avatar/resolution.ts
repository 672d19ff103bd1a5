/** Finer first: shares of the screen's own resolution. */
export const resolutionSteps = [1, 0.75, 0.5, 0.35] as const;

const slowMs = 45;
const samples = 5;

/**
 * Lowers the picture's resolution on devices that cannot keep up, for instance without a graphics card: a coarse face
 * whose lips follow the voice is better than a fine one that freezes. It never goes back up, so that the picture does not flicker.
 */
export class Resolution {
  #step = 0;
  #sumMs = 0;
  #count = 0;

  get share(): number {
    return resolutionSteps[this.#step] ?? 1;
  }

  /** Takes the time between two frames of the browser; true when the share has just become smaller. */
  note(intervalMs: number): boolean {
    this.#sumMs += intervalMs;
    this.#count++;
    if (this.#count < samples) return false;
    const slow = this.#sumMs / this.#count > slowMs;
    this.#sumMs = this.#count = 0;
    if (!slow || this.#step === resolutionSteps.length - 1) return false;
    this.#step++;
    return true;
  }
}
