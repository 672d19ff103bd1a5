import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { toPcm16 } from "./audio.js";
import type { Voice } from "./sherpa.js";
import type { Turns } from "./turns.js";

type Body = Record<string, unknown>;

const MAX_LENGTH = 20_000;

/** Characters that are said in one go: nothing can stop them. */
const LONGEST = 300;

/** A frame's audio: half a second and less, so that a reader who leaves has not much behind it. */
const CHUNK_BYTES = 16 * 1024;

/**
 * `speak`: one sentence after the other, each sent while the next is made. The library has a callback, which gives whole sentences, too, and of which it is
 * told that it ended the process of an earlier version when audio was queued at the end; so sentences are cut here, and it is asked for one at a time.
 */
export async function runSpeak(voice: Voice, turns: Turns, call: Call, body: Body): Promise<unknown> {
  const text = body["text"];
  if (typeof text !== "string" || text.trim().length === 0 || text.length > MAX_LENGTH)
    throw new CallFailure("request_invalid", `A text of 1 to ${MAX_LENGTH} characters is needed.`);
  const speaker = body["speaker"] ?? 0;
  const speakers = Math.max(1, voice.numSpeakers);
  if (!Number.isInteger(speaker) || (speaker as number) < 0 || (speaker as number) >= speakers)
    throw new CallFailure("request_invalid", `The speakers of this voice are 0 to ${speakers - 1}.`);
  const speed = body["speed"] ?? 1;
  if (typeof speed !== "number" || !(speed >= 0.25 && speed <= 4)) throw new CallFailure("request_invalid", "The speed is between 0.25 and 4.");
  call.event(JSON.stringify({ sampleRate: voice.sampleRate }));
  let samples = 0;
  for (const sentence of sentences(text, body["language"])) {
    const audio = await turns.take(call, () => say(voice, sentence, speaker as number, speed));
    if (audio === undefined) return {};
    samples += audio.samples.length;
    const bytes = toPcm16(audio.samples);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      await call.room();
      if (call.cancelled) return {};
      call.chunk(bytes.subarray(at, at + CHUNK_BYTES));
    }
  }
  if (samples === 0) throw new CallFailure("request_invalid", "The voice has no sound for this text.");
  return { body: { sampleRate: voice.sampleRate, seconds: samples / voice.sampleRate } };
}

/** Letters that the voice does not know are left out, and the others are said. */
async function say(voice: Voice, text: string, sid: number, speed: number): Promise<{ samples: Float32Array }> {
  try {
    return await voice.generateAsync({ text, sid, speed, enableExternalBuffer: false });
  } catch (error) {
    if (error instanceof Error && error.message.includes("produced no audio")) return { samples: new Float32Array() };
    throw error;
  }
}

function sentences(text: string, language: unknown): string[] {
  const segmenter = new Intl.Segmenter(typeof language === "string" && /^[a-z]{2,3}$/.test(language) ? language : undefined, { granularity: "sentence" });
  return Array.from(segmenter.segment(text), (one) => breaths(one.segment.trim()))
    .flat()
    .filter((one) => /[\p{L}\p{N}]/u.test(one));
}

/** What is too long to be said in one go is cut after a comma or the like, or else between words. */
function breaths(sentence: string): string[] {
  if (sentence.length <= LONGEST) return [sentence];
  const head = sentence.slice(0, LONGEST);
  const mark = Math.max(...Array.from(head.matchAll(/[,;:،؛、，–—]/gu), (one) => one.index + 1), 0);
  const at = mark > LONGEST / 3 ? mark : Math.max(head.lastIndexOf(" "), 0) || LONGEST;
  return [sentence.slice(0, at).trim(), ...breaths(sentence.slice(at).trim())];
}
