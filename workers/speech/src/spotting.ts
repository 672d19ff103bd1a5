import type { Call } from "../../shared/dist/calls.js";
import { SAMPLE_RATE } from "./audio.js";
import { feed } from "./feeding.js";
import type { KeywordSpotter } from "./sherpa.js";

/** `spot`: says that it listens, and then each time that one of the words is heard; nothing of what else is said. */
export async function runSpot(spotter: KeywordSpotter, call: Call): Promise<unknown> {
  const stream = spotter.createStream();
  let fed = 0;
  call.event(JSON.stringify({ at: 0 }));
  for await (fed of feed(stream, call)) {
    while (!call.cancelled && spotter.isReady(stream)) {
      spotter.decode(stream);
      const { keyword } = spotter.getResult(stream);
      if (keyword !== "") {
        // Or it would find the same once more.
        spotter.reset(stream);
        await call.room();
        call.event(JSON.stringify({ keyword, at: Math.round((fed / SAMPLE_RATE) * 1000) / 1000 }));
      }
      await new Promise(setImmediate);
    }
  }
  return { body: { seconds: fed / SAMPLE_RATE } };
}
