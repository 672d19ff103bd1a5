import type { Call } from "../../shared/dist/calls.js";

/** One computation after the other: each uses all threads it may. Who gives up stops waiting at once; what is being computed is finished and thrown away. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Undefined when the call was given up. */
  async take<T>(call: Call, compute: () => Promise<T>): Promise<T | undefined> {
    const before = this.#last;
    const mine = before.then(() => (call.cancelled ? undefined : compute()));
    this.#last = mine.catch(() => undefined);
    return await Promise.race([mine, cancelled(call)]);
  }
}

function cancelled(call: Call): Promise<undefined> {
  return new Promise((resolve) => {
    if (call.cancelled) resolve(undefined);
    else call.signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
