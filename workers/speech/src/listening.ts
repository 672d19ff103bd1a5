import type { Call } from "../../shared/dist/calls.js";
import { SAMPLE_RATE } from "./audio.js";
import { feed } from "./feeding.js";
import type { OnlineRecogniser } from "./sherpa.js";

/** Silence after the end, in seconds: the model gives a chunk's words only when the whole of it is there. */
const TAIL_SECONDS = 1.6;

/** In seconds from the beginning of all. What is not final is said again, until it is. */
interface Heard {
  text: string;
  final: boolean;
  start: number;
  end: number;
}

/** `listen`: what was said so far, whenever that is other words than before; a pause makes it final. */
export async function runListen(recogniser: OnlineRecogniser, call: Call): Promise<unknown> {
  return await write(recogniser, call, async (heard) => {
    // Who reads slowly is told the latest of what is not final, and all of what is.
    if (heard.final) await call.room();
    else if (!call.hasRoom) return false;
    call.event(JSON.stringify(heard));
    return true;
  });
}

/** `transcribe` of the same models: only what is final, in the words of the others. */
export async function runTranscribeOnline(recogniser: OnlineRecogniser, call: Call): Promise<unknown> {
  return await write(recogniser, call, async ({ text, final, start, end }) => {
    if (!final) return true;
    await call.room();
    call.event(JSON.stringify({ start, end, text }));
    return true;
  });
}

async function write(recogniser: OnlineRecogniser, call: Call, tell: (heard: Heard) => Promise<boolean>): Promise<unknown> {
  const stream = recogniser.createStream();
  const texts: string[] = [];
  /** Where the words that are not final begin, at the earliest. */
  let began = 0;
  let told = "";
  let fed = 0;

  const result = async (over: boolean): Promise<void> => {
    const { text: raw, timestamps } = recogniser.getResult(stream);
    const text = raw.trim();
    const final = over || recogniser.isEndpoint(stream);
    const now = fed / SAMPLE_RATE;
    const heard = { text, final, start: round(Math.min(now, began + (timestamps?.[0] ?? 0))), end: round(now) };
    if (final ? text !== "" : text !== told && text !== "") {
      if (await tell(heard)) told = text;
      if (final) texts.push(text);
    }
    if (!final || over) return;
    recogniser.reset(stream);
    began = now;
    told = "";
  };

  const decode = async (): Promise<void> => {
    while (!call.cancelled && recogniser.isReady(stream)) {
      recogniser.decode(stream);
      await result(false);
      // Each chunk holds up the others of this process, pings among them.
      await new Promise(setImmediate);
    }
  };

  for await (fed of feed(stream, call)) await decode();
  if (call.cancelled) return {};
  stream.acceptWaveform({ samples: new Float32Array(TAIL_SECONDS * SAMPLE_RATE), sampleRate: SAMPLE_RATE });
  stream.inputFinished();
  await decode();
  if (call.cancelled) return {};
  await result(true);
  return { body: { text: texts.join(" "), seconds: round(fed / SAMPLE_RATE) } };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
