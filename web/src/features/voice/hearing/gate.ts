import type { Heard } from "./room";

/** Pieces before and after a sound that belong to it: the beginning of a word is quieter than what tells that there is one. */
const before = 4;
const after = 14;

/** Lets through what is louder than the quiet of the room, so that silence is sent nowhere. */
export class Gate {
  #kept: Heard[] = [];
  #left = 0;

  /** The pieces to send now; none in silence. */
  take(piece: Heard): Heard[] {
    if (piece.sound) this.#left = after;
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
