/** A piece of what the microphone gives. */
export interface Heard {
  samples: Float32Array;
  /** Or the quiet of the room. */
  sound: boolean;
}

/** So much louder than the quietest of late is a sound; what is quieter than the least never is one. */
const above = 2.2;
const least = 0.0015;

/** How quickly the quiet of a room is believed to have become louder: by a tenth in a second or so. */
const rise = 1.008;

/** Tells a sound from the quiet of the room. */
export class Room {
  #quiet = Number.POSITIVE_INFINITY;

  judge(samples: Float32Array): Heard {
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    const sound = loudness > Math.max(least, this.#quiet * above);
    this.#quiet = Math.min(this.#quiet * rise, Math.max(loudness, least / above));
    return { samples, sound };
  }
}
