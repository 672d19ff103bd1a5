import type { Listener } from "@/shared/jean/hearing";
import { Ending } from "./ending";
import type { Heard } from "./room";

interface UntilQuiet {
  /** What the microphone gave. */
  audio: (piece: Heard, rate: number) => void;
  /** No words came for so long, where there is no audio to judge. */
  silence: (seconds: number) => void;
  /** The recogniser wrote something. */
  words: (final: boolean) => void;
}

/** Calls `end` once when one has spoken and is quiet, where the dictation is to end by itself; `spoken` is false when nothing was said at all. */
export function untilQuiet({ endsByItself = false }: Pick<Listener, "endsByItself">, tellsWords: boolean, end: (spoken: boolean) => void): UntilQuiet {
  const ending = new Ending(tellsWords);
  let over = !endsByItself;
  const pass = (seconds: number, sound: boolean): void => {
    if (over || !ending.pass(seconds, sound)) return;
    over = true;
    end(ending.spoken);
  };
  return {
    audio: ({ samples, sound }, rate) => pass(samples.length / rate, sound),
    silence: (seconds) => pass(seconds, false),
    words: (final) => ending.words(final),
  };
}
