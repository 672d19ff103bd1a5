import type { Performance } from "./performance";

/** The Oculus set. Jean's body has one custom expression `viseme_<name>` for each. */
export const visemeNames = ["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"] as const;
export type Viseme = (typeof visemeNames)[number];
export type VisemeWeights = Record<Viseme, number>;

export const vowelNames = ["aa", "ih", "ou", "ee", "oh"] as const;
export type Vowel = (typeof vowelNames)[number];
export type VowelWeights = Record<Vowel, number>;

/** Length of the cross-fade between neighbouring mouth shapes. */
export const fadeMs = 70;
/** How long before its sound a mouth shape is half formed: lips move ahead of the voice. */
export const leadMs = 15;

interface Segment {
  viseme: Viseme;
  startMs: number;
  weight: number;
}

export interface VisemeTrack {
  segments: Segment[];
  endMs: number;
}

// Sounds that are only recognised when the lips really close or touch; they win over their neighbours.
const closure: Partial<Record<Viseme, number>> = { PP: 1.9, FF: 1.6 };

const vowelFallback: Record<Viseme, Partial<VowelWeights>> = {
  sil: {},
  PP: {},
  FF: { ih: 0.2 },
  TH: { ih: 0.3 },
  DD: { ih: 0.35 },
  kk: { aa: 0.25 },
  CH: { ou: 0.4 },
  SS: { ee: 0.3 },
  nn: { ih: 0.3 },
  RR: { oh: 0.3 },
  aa: { aa: 1 },
  E: { ee: 0.8 },
  I: { ih: 0.9 },
  O: { oh: 1 },
  U: { ou: 1 },
};

const isViseme = (name: string): name is Viseme => (visemeNames as readonly string[]).includes(name);

const clamp01 = (value: number): number => Math.min(1, Math.max(0, value));

const smoothstep = (value: number): number => {
  const t = clamp01(value);
  return t * t * (3 - 2 * t);
};

export function silence(): VisemeWeights {
  return { sil: 1, PP: 0, FF: 0, TH: 0, DD: 0, kk: 0, CH: 0, SS: 0, nn: 0, RR: 0, aa: 0, E: 0, I: 0, O: 0, U: 0 };
}

/** Sorts and cleans the cues once, so that every frame is a walk over plain numbers. Unknown names become silence. */
export function toTrack(performance: Pick<Performance, "durationMs" | "visemes">): VisemeTrack {
  const segments = performance.visemes
    .filter((cue) => Number.isFinite(cue.atMs) && cue.atMs < performance.durationMs)
    .map((cue) => ({ viseme: isViseme(cue.viseme) ? cue.viseme : ("sil" as const), startMs: Math.max(0, cue.atMs), weight: clamp01(cue.weight ?? 1) }))
    .sort((a, b) => a.startMs - b.startMs);
  return { segments, endMs: performance.durationMs };
}

// Share of the change at `boundaryMs` that has happened: half of it `leadMs` before the boundary.
const passed = (boundaryMs: number, timeMs: number): number => smoothstep((timeMs - boundaryMs + leadMs) / fadeMs + 0.5);

/** Weights of all mouth shapes at a moment of the audio; they are never negative and sum to 1. */
export function visemesAt(track: VisemeTrack, timeMs: number): VisemeWeights {
  const weights = silence();
  weights.sil = 0;
  const { segments, endMs } = track;
  const reach = fadeMs / 2 + leadMs;
  let total = 0;
  for (const [index, segment] of segments.entries()) {
    if (segment.startMs - reach > timeMs) break;
    const stopMs = segments[index + 1]?.startMs ?? endMs;
    if (stopMs + reach < timeMs) continue;
    const share = Math.max(0, passed(segment.startMs, timeMs) - passed(stopMs, timeMs)) * segment.weight;
    weights[segment.viseme] += share;
    total += share;
  }
  weights.sil += Math.max(0, 1 - total);
  emphasiseClosures(weights);
  return weights;
}

// A short p between two vowels fades in and out before it is complete; without this the lips would never meet.
function emphasiseClosures(weights: VisemeWeights): void {
  for (const [name, gain] of Object.entries(closure) as [Viseme, number][]) {
    const before = weights[name];
    if (before <= 0 || before >= 1) continue;
    const after = Math.min(1, before * gain);
    const rest = (1 - after) / (1 - before);
    for (const other of visemeNames) weights[other] *= rest;
    weights[name] = after;
  }
}

/** The same mouth for bodies that know only VRM's five vowels. */
export function toVowels(weights: VisemeWeights): VowelWeights {
  const vowels: VowelWeights = { aa: 0, ih: 0, ou: 0, ee: 0, oh: 0 };
  for (const viseme of visemeNames) {
    for (const vowel of vowelNames) vowels[vowel] += weights[viseme] * (vowelFallback[viseme][vowel] ?? 0);
  }
  for (const vowel of vowelNames) vowels[vowel] = clamp01(vowels[vowel]);
  return vowels;
}

const openness: Partial<Record<Viseme, number>> = { aa: 1, E: 0.6, O: 0.75, I: 0.35, U: 0.3, kk: 0.3, TH: 0.25, DD: 0.2, RR: 0.25, nn: 0.15, CH: 0.3, SS: 0.2 };

/** How far the mouth is open, 0 to 1. */
export function mouthOpening(weights: VisemeWeights): number {
  return clamp01(visemeNames.reduce((sum, name) => sum + weights[name] * (openness[name] ?? 0), 0));
}
