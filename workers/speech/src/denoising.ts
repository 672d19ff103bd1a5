import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { Recording, SAMPLE_RATE, toPcm16 } from "./audio.js";
import type { Denoiser } from "./sherpa.js";

/** Samples cleaned at once; then pings and other calls have their turn. */
const STEP = SAMPLE_RATE / 5;

/** `denoise`: the same speech with less of what is around it, as it comes; what goes out is as long as what came in. */
export async function runDenoise(open: () => Denoiser, call: Call): Promise<unknown> {
  // It remembers what it has heard: one for each call.
  const denoiser = open();
  if (denoiser.sampleRate !== SAMPLE_RATE) throw new CallFailure("not_supported", `This model cleans audio of ${denoiser.sampleRate} Hz.`);
  const recording = new Recording();
  let fed = 0;
  let sent = 0;
  const send = async ({ samples }: { samples: Float32Array }): Promise<void> => {
    const length = Math.min(samples.length, recording.end - sent);
    if (length <= 0) return;
    await call.room();
    if (call.cancelled) return;
    call.chunk(toPcm16(samples.subarray(0, length)));
    sent += length;
  };
  for await (const piece of call.input()) {
    recording.append(piece);
    while (fed < recording.end && !call.cancelled) {
      const samples = recording.slice(fed, Math.min(fed + STEP, recording.end));
      fed += samples.length;
      await send(denoiser.run({ samples, sampleRate: SAMPLE_RATE, enableExternalBuffer: false }));
      await new Promise(setImmediate);
    }
    recording.forgetBefore(fed);
  }
  if (call.cancelled) return {};
  if (fed > 0) await send(denoiser.flush(false));
  if (sent < recording.end) await send({ samples: new Float32Array(recording.end - sent) });
  return { body: { seconds: recording.end / SAMPLE_RATE } };
}
