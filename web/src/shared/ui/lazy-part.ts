import { lazy } from "react";

const attempts = 7;
const firstPauseMs = 200;

/** Fetches once more what a lost connection cut off, before the page around it has to give up: for about 12 seconds. */
export async function again<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await load();
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** (attempt - 1)));
    }
  }
}

/** A component that comes when it is first shown, also over a network that loses connections. */
export const lazyPart: typeof lazy = (load) => lazy(() => again(load));
