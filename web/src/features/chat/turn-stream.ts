import { isApiError, isPassing, type ApiError } from "@/shared/api/error";
import { readEvents, type ServerEvent } from "@/shared/api/events";
import type { Problem, SealedPiece, TurnEvents } from "@/shared/api/types";

/** How the stream is reached: the first request (a POST, or a GET that joins), and again after a drop. */
export interface TurnSource {
  first: (signal: AbortSignal) => Promise<Response>;
  resume: (turnId: string, lastEventId: string, signal: AbortSignal) => Promise<Response>;
}

export interface TurnListener {
  /** `at` is the length of the text the reader is taken to have; what follows begins there. */
  turn?: (turn: TurnEvents["turn"], at: number) => void;
  /** `end` is the length of the answer with this piece, so that a piece that comes twice is told by its place. */
  delta?: (text: string, end: number | null) => void;
  sentence?: (sentence: TurnEvents["sentence"]) => void;
  action?: (action: TurnEvents["action"]) => void;
  citation?: (citation: TurnEvents["citation"]) => void;
  /** A part is new, or is now like this; a reasoning without text keeps the text it has. */
  part?: (part: TurnEvents["part"]) => void;
  /** More of a part's text, at its place, so that a piece that comes twice changes nothing. */
  partDelta?: (delta: TurnEvents["part-delta"]) => void;
  /** Of a private turn that is taken up again: a piece of it as it is kept, in order. */
  piece?: (piece: SealedPiece) => void;
  /** The connection dropped and is being taken up again, or is back. */
  connection?: (state: "lost" | "live") => void;
  /** The turn ended in order. Exactly one of `done` and `failed` is called, unless the reader leaves. */
  done?: (done: TurnEvents["done"]) => void;
  /** The stream could not be opened, or the server says it is broken for good. */
  failed?: (error: ApiError | Problem) => void;
}

export interface TurnStreamOptions {
  /** How often a dropped stream is taken up again before it counts as failed. */
  attempts?: number;
  /** Milliseconds before try n (from 1). */
  pause?: (attempt: number) => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Event ids begin with the length of the text delivered so far. */
function textLength(id: string | null): number | null {
  const length = Number.parseInt(id ?? "", 10);
  return Number.isFinite(length) ? length : null;
}

/** After so many tries nobody is waiting for the very next one. */
const urgent = 8;

/** Exponential with full jitter: at most 2 s while it is a drop, 8 s when it is more. */
const backOff = (attempt: number): number => Math.random() * Math.min(attempt <= urgent ? 2_000 : 8_000, 250 * 2 ** attempt);

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      window.removeEventListener("online", end);
      resolve();
    }
    signal.addEventListener("abort", end);
    // The network is back: no reason to sit the pause out.
    window.addEventListener("online", end);
  });

/**
 * Reads one turn to its end, whatever happens to the connection: after a drop it asks again with the last event id, so every event
 * arrives once and in order. The turn itself lives on the server; leaving the stream does not end it.
 */
export class TurnStream {
  readonly #source: TurnSource;
  readonly #listener: TurnListener;
  readonly #attempts: number;
  readonly #pause: (attempt: number) => number;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #abort = new AbortController();
  #turnId: string | null = null;
  #lastEventId = "";

  constructor(source: TurnSource, listener: TurnListener, options: TurnStreamOptions = {}) {
    this.#source = source;
    this.#listener = listener;
    this.#attempts = options.attempts ?? 20;
    this.#pause = options.pause ?? backOff;
    this.#wait = options.wait ?? waitFor;
  }

  get turnId(): string | null {
    return this.#turnId;
  }

  /** Stops reading. No callback follows. */
  leave(): void {
    this.#abort.abort();
  }

  /** Settles when the turn ended, failed for good or was left; never rejects. */
  async run(): Promise<void> {
    const signal = this.#abort.signal;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const before = this.#lastEventId;
      let broken: unknown = null;
      try {
        const response = this.#turnId === null
          ? await this.#source.first(signal)
          : await this.#source.resume(this.#turnId, this.#lastEventId, signal);
        if (attempt > 0) this.#tell(() => this.#listener.connection?.("live"));
        if (await this.#read(response)) return;
      } catch (error) {
        // Left while waiting, which the compiler cannot see.
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
        if (signal.aborted) return;
        if (isApiError(error) && !isPassing(error)) return this.#fail(error);
        broken = error;
      }
      // Progress was made, however it ended: what follows is a new drop, not the same one again.
      if (this.#lastEventId !== before) attempt = 0;
      if (attempt >= this.#attempts) return this.#fail(broken);
      this.#tell(() => this.#listener.connection?.("lost"));
      await this.#wait(this.#pause(attempt + 1), signal);
    }
  }

  /** True when the stream came to its proper end. */
  async #read(response: Response): Promise<boolean> {
    if (!response.body) return false;
    for await (const event of readEvents(response.body)) {
      if (this.#abort.signal.aborted) return true;
      if (event.id !== null) this.#lastEventId = event.id;
      if (this.#dispatch(event)) return true;
    }
    return false;
  }

  #dispatch(event: ServerEvent): boolean {
    const data: unknown = JSON.parse(event.data);
    switch (event.name) {
      case "turn": {
        const turn = data as TurnEvents["turn"];
        this.#turnId = turn.turnId;
        this.#listener.turn?.(turn, textLength(event.id) ?? 0);
        return false;
      }
      case "delta": this.#listener.delta?.((data as TurnEvents["delta"]).text, textLength(event.id)); return false;
      case "sentence": this.#listener.sentence?.(data as TurnEvents["sentence"]); return false;
      case "action": this.#listener.action?.(data as TurnEvents["action"]); return false;
      case "citation": this.#listener.citation?.(data as TurnEvents["citation"]); return false;
      case "part": this.#listener.part?.(data as TurnEvents["part"]); return false;
      case "part-delta": this.#listener.partDelta?.(data as TurnEvents["part-delta"]); return false;
      case "piece": this.#listener.piece?.(data as SealedPiece); return false;
      case "done": this.#listener.done?.(data as TurnEvents["done"]); return true;
      case "error": {
        // A stream that was closed by a restart or by silence is taken up again; anything else is final.
        const problem = data as Problem;
        if (problem.status === 503 || problem.status === 504) return false;
        this.#listener.failed?.(problem);
        return true;
      }
      default: return false;
    }
  }

  #fail(error: unknown): void {
    const problem: ApiError | Problem = isApiError(error) ? error : { status: 0, code: "client.offline", title: "No connection" };
    this.#tell(() => this.#listener.failed?.(problem));
  }

  #tell(call: () => void): void {
    if (!this.#abort.signal.aborted) call();
  }
}
