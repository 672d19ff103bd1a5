import type { Heard } from "./room";

/** So much is kept: longer than a call takes to the server and back. */
const longestSeconds = 5;

interface Piece {
  heard: Heard;
  /** Where it lies in what was sent, in seconds; null of what was not sent, as silence is not. */
  sent: { from: number; to: number } | null;
}

/** The last that was heard, and where it lies in what the server was sent: so what came after a word is found that the server heard. */
export class Recent {
  #pieces: Piece[] = [];
  #length = 0;
  #sent = 0;

  constructor(private readonly rate: number) {}

  /** Heard just now. */
  add(heard: Heard): void {
    this.#pieces.push({ heard, sent: null });
    this.#length += heard.samples.length;
    while (this.#length > longestSeconds * this.rate) this.#length -= this.#pieces.shift()!.heard.samples.length;
  }

  /** This went out, as so much of what the server hears. */
  sent(heard: Heard, seconds: number): void {
    const from = this.#sent;
    this.#sent += seconds;
    const piece = this.#pieces.findLast((one) => one.heard === heard);
    if (piece) piece.sent = { from, to: this.#sent };
  }

  /** What was heard from there on, in seconds of what was sent. */
  since(seconds: number): Heard[] {
    const within = this.#pieces.findIndex(({ sent }) => sent !== null && sent.to > seconds);
    const [first, ...rest] = this.#pieces.slice(within >= 0 ? within : this.#pieces.findLastIndex(({ sent }) => sent !== null) + 1);
    if (!first) return [];
    const share = first.sent && first.sent.from < seconds ? (seconds - first.sent.from) / (first.sent.to - first.sent.from) : 0;
    const { samples, sound } = first.heard;
    return [{ samples: samples.subarray(Math.round(share * samples.length)), sound }, ...rest.map(({ heard }) => heard)];
  }
}
