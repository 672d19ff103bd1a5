import { queryClient } from "@/shared/api/query-client";
import type { Hear, Listener, Listening } from "@/shared/jean/hearing";
import { localSpeechQuery, transcribe } from "../settings/queries";
import { listenInBrowser } from "./browser";
import { useDenoise } from "./denoise";
import { listenLive } from "./live";
import { record } from "./microphone";
import { untilQuiet } from "./until-quiet";
import { resample, toPcm } from "./samples";

/** A little less than the server takes, so that a last piece does not go over. */
const marginSeconds = 0.5;

/** Jean's ears in this window. */
export const hear: Hear = (hearing, listener) => (hearing === "browser" ? listenInBrowser(listener) : listenHere(hearing.slice("local/".length), listener));

/** With a recogniser of the server: word by word where it writes while one speaks, or else all of it at the end. */
async function listenHere(recogniser: string, listener: Listener): Promise<Listening> {
  const { longestSeconds, recognisers, denoises } = await queryClient.query({ ...localSpeechQuery, staleTime: "static" });
  const longest = longestSeconds - marginSeconds;
  // A model that was taken away is not asked for.
  const denoise = denoises && useDenoise.getState().on;
  return recognisers.some((one) => one.name === recogniser && one.streams) ? listenLive(recogniser, denoise, longest, listener) : recordAndWrite(recogniser, denoise, longest, listener);
}

/** Records, and lets a recogniser of the server write it down when it is over. */
async function recordAndWrite(recogniser: string, denoise: boolean, longestSeconds: number, listener: Listener): Promise<Listening> {
  const abort = new AbortController();
  let over = false;
  // Silence is not written down: recognisers are known to make words of it.
  const quiet = untilQuiet(listener, false, (spoken) => (spoken ? stop() : cancel()));
  const microphone = await record(longestSeconds, () => stop(), quiet.audio, true);
  const write = async (): Promise<void> => {
    listener.writing();
    try {
      const { samples, rate } = await microphone.finish();
      const { text } = await transcribe(recogniser, denoise, toPcm(resample(samples, rate)), abort.signal);
      if (abort.signal.aborted) return;
      if (text !== "") listener.heard(text);
      listener.ended(null);
    } catch (error) {
      if (!abort.signal.aborted) listener.ended(error);
    }
  };
  const stop = (): void => {
    if (over) return;
    over = true;
    void write();
  };
  const cancel = (): void => {
    over = true;
    if (abort.signal.aborted) return;
    abort.abort();
    void microphone.finish();
    listener.ended(null);
  };
  return { stop, cancel };
}
