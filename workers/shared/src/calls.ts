import { encodeFrame, FrameType } from "./frames.js";

/** A failure that the worker can name; the server turns the code into its own error. */
export class CallFailure extends Error {
  constructor(
    readonly code: "engine_missing" | "model_unreadable" | "memory" | "context_too_long" | "request_invalid" | "not_supported" | "internal",
    detail: string,
  ) {
    super(detail);
  }
}

/** What a call wakes up for. */
class Bell {
  #waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** One call: what was asked, what still comes in, whether it is still wanted, and how much more the reader takes. */
export class Call {
  readonly #abort = new AbortController();
  readonly #bell = new Bell();
  readonly #inputs: Buffer[] = [];
  #inputEnded = false;
  #credit: number;

  constructor(
    readonly id: number,
    readonly request: Record<string, unknown>,
    window: number,
    private readonly write: (bytes: Buffer) => void,
  ) {
    this.#credit = window > 0 ? window : Number.POSITIVE_INFINITY;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get cancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  event(json: string): void {
    this.#credit--;
    this.write(encodeFrame(FrameType.event, this.id, json));
  }

  chunk(bytes: Buffer): void {
    this.#credit--;
    this.write(encodeFrame(FrameType.chunk, this.id, bytes));
  }

  /** Done when the reader has room for more, or does not want any. */
  async room(): Promise<void> {
    while (this.#credit <= 0 && !this.cancelled) await this.#bell.wait();
  }

  get hasRoom(): boolean {
    return this.#credit > 0 || this.cancelled;
  }

  /** What the caller sends after the call itself, until it says that this was all or gives the call up. Each piece is acknowledged when the next is asked for. */
  async *input(): AsyncGenerator<Buffer> {
    while (!this.cancelled) {
      const piece = this.#inputs.shift();
      if (piece) {
        yield piece;
        this.write(encodeFrame(FrameType.credit, this.id, ONE));
      } else if (this.#inputEnded) return;
      else await this.#bell.wait();
    }
  }

  grant(count: number): void {
    this.#credit += count;
    this.#bell.ring();
  }

  /** A piece without a byte is the end. */
  take(piece: Buffer): void {
    if (piece.length > 0) this.#inputs.push(piece);
    else this.#inputEnded = true;
    this.#bell.ring();
  }

  cancel(): void {
    this.#abort.abort();
    this.#bell.ring();
  }
}

const ONE = Buffer.from([1, 0, 0, 0]);
