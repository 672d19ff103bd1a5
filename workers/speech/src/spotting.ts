import type { Call } from "../../shared/dist/calls.js";
import { Recording, SAMPLE_RATE } from "./audio.js";
import type { KeywordSpotter } from "./sherpa.js";

/** Samples given to the model at once, so that others of this process have their turn. */
const STEP = SAMPLE_RATE / 5;

/** `spot`: says that it listens, and then each time that one of the words is heard; nothing of what else is said. */
export async function runSpot(spotter: KeywordSpotter, call: Call): Promise<unknown> {
  const stream = spotter.createStream();
  const recording = new Recording();
  let fed = 0;
  call.event(JSON.stringify({ at: 0 }));
  for await (const piece of call.input()) {
    recording.append(piece);
    while (fed < recording.end && !call.cancelled) {
      const samples = recording.slice(fed, Math.min(fed + STEP, recording.end));
      stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
      fed += samples.length;
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
    recording.forgetBefore(fed);
  }
  return { body: { seconds: recording.end / SAMPLE_RATE } };
}
