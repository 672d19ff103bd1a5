import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { Recording, SAMPLE_RATE } from "./audio.js";
import { diariseAsync, type Diarisation, type Embedder, type LanguageFinder } from "./sherpa.js";
import type { Turns } from "./turns.js";

type Body = Record<string, unknown>;

/** All of it is looked at together, so all of it is kept in memory: four bytes for each sample. */
const LONGEST_SECONDS = 45 * 60;

/** A voice is known by less; more only takes time. */
const LONGEST_VOICE_SECONDS = 120;

/** What the model was made for. */
const LANGUAGE_SECONDS = 28;

/** From here on two voiceprints are of one person, unless the caller knows better. */
const SAME_VOICE = 0.5;

/** `diarise`: who spoke when, by numbers from 0, in the order of their beginnings. */
export async function runDiarise(diarisation: Diarisation, turns: Turns, call: Call, body: Body): Promise<unknown> {
  const count = body["speakers"] ?? -1;
  if (!Number.isInteger(count) || ((count as number) !== -1 && ((count as number) < 1 || (count as number) > 20)))
    throw new CallFailure("request_invalid", "The number of speakers is between 1 and 20.");
  const samples = await all(call, LONGEST_SECONDS);
  if (samples.length === 0 || call.cancelled) return { body: { seconds: 0 } };
  const found = await turns.take(call, async () => {
    // One configuration is everybody's; nobody else computes meanwhile.
    diarisation.setConfig({ clustering: { numClusters: count, threshold: SAME_VOICE } });
    return await diariseAsync(diarisation, samples, (done, of) => {
      if (!call.cancelled && call.hasRoom) call.event(JSON.stringify({ progress: of > 0 ? done / of : 0 }));
    });
  });
  for (const { start, end, speaker } of (found ?? []).sort((one, other) => one.start - other.start)) {
    await call.room();
    if (call.cancelled) return {};
    call.event(JSON.stringify({ start, end: Math.min(end, samples.length / SAMPLE_RATE), speaker }));
  }
  return { body: { seconds: samples.length / SAMPLE_RATE } };
}

/** `voiceprint`: what is the same whatever a person says, as numbers. */
export async function runVoiceprint(embedder: Embedder, turns: Turns, call: Call): Promise<unknown> {
  const voiceprint = await print(embedder, turns, call);
  if (voiceprint) call.event(JSON.stringify({ voiceprint: [...voiceprint] }));
  return {};
}

/** `identify`: whose voice it is, of those whose voiceprints are given; none where none is near enough. */
export async function runIdentify(embedder: Embedder, turns: Turns, call: Call, body: Body): Promise<unknown> {
  const enrolled = readEnrolled(body["enrolled"], embedder.dim);
  const threshold = body["threshold"] ?? SAME_VOICE;
  if (typeof threshold !== "number" || !(threshold >= -1 && threshold <= 1)) throw new CallFailure("request_invalid", "The threshold is between -1 and 1.");
  const voiceprint = await print(embedder, turns, call);
  if (!voiceprint) return {};
  const [best] = enrolled.map(({ name, voiceprints }) => ({ name, score: Math.max(...voiceprints.map((one) => similarity(one, voiceprint))) })).sort((one, other) => other.score - one.score);
  call.event(JSON.stringify({ name: best && best.score >= threshold ? best.name : null, score: best?.score ?? -1 }));
  return {};
}

/** `language`: what is spoken at the beginning, as a code of Whisper's. */
export async function runLanguage(finder: LanguageFinder, turns: Turns, call: Call): Promise<unknown> {
  const samples = await all(call, LANGUAGE_SECONDS, "cut");
  if (call.cancelled) return {};
  if (samples.length < SAMPLE_RATE / 10) throw new CallFailure("request_invalid", "There is too little audio to tell the language by.");
  const stream = finder.createStream();
  stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
  const language = await turns.take(call, () => Promise.resolve(finder.compute(stream)));
  if (language !== undefined) call.event(JSON.stringify({ language: language || null }));
  return {};
}

async function print(embedder: Embedder, turns: Turns, call: Call): Promise<Float32Array | undefined> {
  const samples = await all(call, LONGEST_VOICE_SECONDS);
  if (call.cancelled) return undefined;
  if (samples.length < SAMPLE_RATE / 2) throw new CallFailure("request_invalid", "Half a second is needed to know a voice by.");
  const stream = embedder.createStream();
  stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
  stream.inputFinished();
  if (!embedder.isReady(stream)) throw new CallFailure("request_invalid", "There is too little audio to know a voice by.");
  return await turns.take(call, () => Promise.resolve(embedder.compute(stream, false)));
}

async function all(call: Call, longestSeconds: number, beyond: "refuse" | "cut" = "refuse"): Promise<Float32Array> {
  const recording = new Recording();
  for await (const piece of call.input()) {
    if (recording.end > longestSeconds * SAMPLE_RATE) {
      if (beyond === "cut") continue;
      throw new CallFailure("request_invalid", `At most ${longestSeconds} seconds are looked at together.`);
    }
    recording.append(piece);
  }
  return recording.slice(0, Math.min(recording.end, longestSeconds * SAMPLE_RATE));
}

function readEnrolled(given: unknown, length: number): { name: string; voiceprints: number[][] }[] {
  const valid = (one: unknown): one is { name: string; voiceprints: number[][] } => {
    const { name, voiceprints } = (one ?? {}) as Body;
    return typeof name === "string" && Array.isArray(voiceprints) && voiceprints.length > 0
      && voiceprints.every((print) => Array.isArray(print) && print.length === length && print.every((value) => typeof value === "number"));
  };
  if (!Array.isArray(given) || !given.every(valid)) throw new CallFailure("request_invalid", `Each of the enrolled has a name and voiceprints of ${length} numbers by this model.`);
  return given;
}

/** The cosine of the angle between two. */
function similarity(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [dot, a, b] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    dot += one[at]! * other[at]!;
    a += one[at]! ** 2;
    b += other[at]! ** 2;
  }
  return a > 0 && b > 0 ? dot / Math.sqrt(a * b) : 0;
}
