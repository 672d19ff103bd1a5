/** Pieces before and after a sound that belong to it: the beginning of a word is quieter than what tells that there is one. */
const before = 4;
const after = 14;

/** So much louder than the quietest of late is a sound; what is quieter than the least never is one. */
const above = 2.2;
const least = 0.0015;

/** How quickly the quiet of a room is believed to have become louder: by a tenth in a second or so. */
const rise = 1.008;

/** Tells a sound from the quiet of the room. */
export class Room {
  #quiet = Number.POSITIVE_INFINITY;

  isSound(piece: Float32Array): boolean {
    const loudness = Math.sqrt(piece.reduce((sum, sample) => sum + sample * sample, 0) / piece.length);
    const heard = loudness > Math.max(least, this.#quiet * above);
    this.#quiet = Math.min(this.#quiet * rise, Math.max(loudness, least / above));
    return heard;
  }
}

/** Lets through what is louder than the quiet of the room, so that silence is sent nowhere. */
export class Gate {
  readonly #room = new Room();
  #kept: Float32Array[] = [];
  #left = 0;

  /** The pieces to send now; none in silence. */
  take(piece: Float32Array): Float32Array[] {
    if (this.#room.isSound(piece)) this.#left = after;
    if (this.#left > 0) {
      this.#left--;
      const all = [...this.#kept, piece];
      this.#kept = [];
      return all;
    }
    this.#kept.push(piece);
    if (this.#kept.length > before) this.#kept.shift();
    return [];
  }
}
