import type { Call } from "../../shared/dist/calls.js";
import { Recording, SAMPLE_RATE } from "./audio.js";
import { feed } from "./feeding.js";
import type { KeywordSpotter } from "./sherpa.js";

/** Models tell where a piece of a word begins; the last may last so long, in seconds. */
const LAST_PIECE = 0.2;

/** So much is heard once more to find where the word ends: more than it takes to say it, and with less silence before it than the 1.5 s after which the engine counts its times anew. */
const AGAIN = 1.6 * SAMPLE_RATE;

const seconds = (samples: number): number => Math.round((samples / SAMPLE_RATE) * 1000) / 1000;

/** `spot`: says that it listens, and then each time that one of the words is heard, when that is known and where it ends; nothing of what else is said. */
export async function runSpot(spotter: KeywordSpotter, call: Call): Promise<unknown> {
  const stream = spotter.createStream();
  const recording = new Recording();
  let fed = 0;
  call.event(JSON.stringify({ at: 0 }));
  for await (fed of feed(stream, call, recording, AGAIN)) {
    while (!call.cancelled && spotter.isReady(stream)) {
      spotter.decode(stream);
      const { keyword } = spotter.getResult(stream);
      if (keyword !== "") {
        // Or it would find the same once more.
        spotter.reset(stream);
        const before = Math.max(0, fed - AGAIN);
        const end = before + (await endOf(spotter, recording.slice(before, fed)));
        await call.room();
        call.event(JSON.stringify({ keyword, at: seconds(fed), end: seconds(end) }));
      }
      await new Promise(setImmediate);
    }
  }
  return { body: { seconds: fed / SAMPLE_RATE } };
}

/** Where the word ends in these samples, which another stream hears from their beginning, for times are told from there. At the end of them when it is not found again. */
async function endOf(spotter: KeywordSpotter, samples: Float32Array): Promise<number> {
  const stream = spotter.createStream();
  stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
  // What it hears is decided when it has heard on.
  stream.acceptWaveform({ samples: new Float32Array(SAMPLE_RATE), sampleRate: SAMPLE_RATE });
  while (spotter.isReady(stream)) {
    spotter.decode(stream);
    const { keyword, timestamps } = spotter.getResult(stream);
    if (keyword !== "") return timestamps?.length ? (timestamps.at(-1)! + LAST_PIECE) * SAMPLE_RATE : samples.length;
    await new Promise(setImmediate);
  }
  return samples.length;
}
