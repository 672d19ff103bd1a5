import type { LlamaContextSequence, Token } from "node-llama-cpp";

/** One place for a conversation. What was evaluated in it stays until another conversation takes the place. */
export interface Place {
  sequence: LlamaContextSequence;
  /** The call that may be holding back its next token. */
  gate: (() => Promise<void>) | undefined;
  busy: boolean;
  usedAt: number;
}

/** Gives each call the free place that holds the longest beginning of its prompt, so that only the rest is evaluated. */
export class Places {
  readonly #places: Place[];
  #waiting: (() => void)[] = [];
  #clock = 0;

  constructor(sequences: LlamaContextSequence[]) {
    this.#places = sequences.map((sequence) => {
      const place: Place = { sequence, gate: undefined, busy: false, usedAt: 0 };
      holdBack(place);
      return place;
    });
  }

  get busy(): number {
    return this.#places.filter((place) => place.busy).length;
  }

  /** Undefined when the call is given up while it waits. */
  async take(prompt: Token[], signal: AbortSignal): Promise<Place | undefined> {
    while (!signal.aborted) {
      const free = this.#places.filter((place) => !place.busy);
      if (free.length > 0) return this.#choose(free, prompt);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return undefined;
  }

  release(place: Place): void {
    place.busy = false;
    place.gate = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #choose(free: Place[], prompt: Token[]): Place {
    const common = (place: Place) => place.sequence.compareContextTokens(prompt).firstDifferentIndex;
    // Of two that know nothing of it, the one that nobody came back to for longest.
    const best = free.reduce((left, right) => {
      const [a, b] = [common(left), common(right)];
      return b > a || (b === a && right.usedAt < left.usedAt) ? right : left;
    });
    best.busy = true;
    best.usedAt = ++this.#clock;
    return best;
  }
}

/** Before each token the place's gate is asked: that is where a conversation waits for a reader who is slower than the model. */
function holdBack(place: Place): void {
  const { sequence } = place;
  const evaluate = sequence.evaluate.bind(sequence);
  sequence.evaluate = async function* (tokens, options) {
    const inner = evaluate(tokens, options);
    let answer: void | Token | Token[] = undefined;
    try {
      for (;;) {
        await place.gate?.();
        const next = await inner.next(answer);
        if (next.done) return;
        answer = yield next.value;
      }
    } finally {
      await inner.return();
    }
  };
}
