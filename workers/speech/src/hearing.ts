import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { Activity, type ActivityOptions, type Stretch } from "./activity.js";
import { Recording, SAMPLE_RATE } from "./audio.js";
import type { Recogniser } from "./sherpa.js";
import { Turns } from "./turns.js";

type Body = Record<string, unknown>;

/** What recognisers were trained on is no longer than this; longer speech is cut. */
const LONGEST_SECONDS = 28;

/** Windows judged in one go; then pings, cancellations and other calls have their turn. */
const BATCH = 64;

/** `segments`: says where speech is, as soon as each stretch has ended. */
export async function runSegments(call: Call, body: Body): Promise<unknown> {
  let count = 0;
  const total = await listen(call, readOptions(body), async (stretch) => {
    count++;
    await call.room();
    call.event(JSON.stringify({ start: seconds(stretch.start), end: seconds(stretch.end) }));
  });
  return { body: { seconds: seconds(total), segments: count } };
}

/** `transcribe`: says what was said in each stretch of speech, as soon as it has ended. */
export async function runTranscribe(recogniser: Recogniser, turns: Turns, call: Call, body: Body): Promise<unknown> {
  const texts: string[] = [];
  let language: string | undefined;
  // A little of the silence around it helps a recogniser more than a hard cut.
  const options = { lead: 0.15, trail: 0.15, longest: LONGEST_SECONDS, ...readOptions(body) };
  const total = await listen(call, options, async ({ start, end }, recording) => {
    const stream = recogniser.createStream();
    stream.acceptWaveform({ samples: recording.slice(start, end), sampleRate: SAMPLE_RATE });
    const said = await turns.take(call, () => recogniser.decodeAsync(stream));
    if (said === undefined) return;
    const text = said.text.trim();
    const spoken = readLanguage(said.lang);
    language ??= spoken;
    if (text.length > 0) texts.push(text);
    await call.room();
    call.event(JSON.stringify({ start: seconds(start), end: seconds(end), text, ...(spoken ? { language: spoken } : {}) }));
  });
  return { body: { text: texts.join(" "), language: language ?? null, seconds: seconds(total) } };
}

/** Feeds what comes to the model, window by window, and gives the number of samples that came. */
async function listen(call: Call, options: Partial<ActivityOptions>, heard: (stretch: Stretch, recording: Recording) => Promise<void>): Promise<number> {
  const activity = new Activity(options);
  const recording = new Recording();
  let at = 0;
  let windows = 0;
  for await (const piece of call.input()) {
    recording.append(piece);
    for (; recording.end - at >= Activity.step && !call.cancelled; at += Activity.step) {
      const stretch = activity.take(recording.slice(at, at + Activity.step));
      if (stretch) await heard(stretch, recording);
      if (++windows % BATCH === 0) await new Promise(setImmediate);
    }
    // Without a longest piece nobody asks for the samples again.
    recording.forgetBefore(((options.longest && activity.open) ?? at) - SAMPLE_RATE);
  }
  const last = activity.finish(recording.end);
  if (last && !call.cancelled) await heard(last, recording);
  return recording.end;
}

function readOptions(body: Body): Partial<ActivityOptions> {
  return {
    ...number(body, "threshold", 0.05, 0.95),
    ...number(body, "minSpeech", 0, 10),
    ...number(body, "minSilence", 0.06, 10),
  };
}

function number(body: Body, name: string, least: number, most: number): Body {
  const value = body[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== "number" || !(value >= least && value <= most)) throw new CallFailure("request_invalid", `${name} is between ${least} and ${most}.`);
  return { [name]: value };
}

/** Some recognisers write it as a token, and whatever stands in that place where they are not sure. */
function readLanguage(lang: string | undefined): string | undefined {
  const code = lang?.replace(/[<|>]/g, "");
  return code !== undefined && /^[a-z]{2,3}$/.test(code) ? code : undefined;
}

function seconds(samples: number): number {
  return Math.round((samples / SAMPLE_RATE) * 1000) / 1000;
}
