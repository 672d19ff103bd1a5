/** Finer first: shares of the screen's own resolution. */
export const resolutionSteps = [1, 0.75, 0.5, 0.35] as const;

const slowMs = 45;
/** At this pace there is no graphics card, and trying the steps between would take seconds. */
const hopelessMs = 150;
const samples = 4;

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
    const averageMs = this.#sumMs / this.#count;
    this.#sumMs = this.#count = 0;
    const last = resolutionSteps.length - 1;
    if (averageMs <= slowMs || this.#step === last) return false;
    this.#step = averageMs > hopelessMs ? last : this.#step + 1;
    return true;
  }
}
