import type { Call } from "../../shared/dist/calls.js";
import { Recording, SAMPLE_RATE } from "./audio.js";
import type { Stream } from "./sherpa.js";

/** Samples given to a model at once, so that a large piece does not put off the first words, and others of this process have their turn. */
const STEP = SAMPLE_RATE / 5;

/** Gives a call's audio to a model as it comes, and tells after each step how many samples it has by then. The last of them, so many, are in the recording then. */
export async function* feed(stream: Stream, call: Call, recording = new Recording(), kept = 0): AsyncGenerator<number> {
  let fed = 0;
  for await (const piece of call.input()) {
    recording.append(piece);
    while (fed < recording.end && !call.cancelled) {
      const samples = recording.slice(fed, Math.min(fed + STEP, recording.end));
      stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
      fed += samples.length;
      yield fed;
    }
    recording.forgetBefore(fed - kept);
  }
}
