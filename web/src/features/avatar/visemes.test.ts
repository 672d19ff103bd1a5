import { describe, expect, it } from "vitest";
import { emotionAt } from "./performance";
import { mouthOpening, silence, toTrack, toVowels, visemeNames, visemesAt, type VisemeWeights } from "./visemes";

const sum = (weights: VisemeWeights): number => visemeNames.reduce((total, name) => total + weights[name], 0);

const papa = toTrack({
  durationMs: 700,
  visemes: [
    { atMs: 0, viseme: "sil" },
    { atMs: 100, viseme: "PP" },
    { atMs: 160, viseme: "aa" },
    { atMs: 320, viseme: "PP" },
    { atMs: 375, viseme: "O" },
    { atMs: 560, viseme: "sil" },
  ],
});

describe("the viseme track", () => {
  it("has weights that are never negative and always sum to one", () => {
    for (let t = -200; t <= 1000; t += 3) {
      const weights = visemesAt(papa, t);
      expect(sum(weights)).toBeCloseTo(1, 6);
      for (const name of visemeNames) expect(weights[name]).toBeGreaterThanOrEqual(0);
    }
  });

  it("rests before the first sound and after the last", () => {
    expect(visemesAt(papa, -150).sil).toBe(1);
    expect(visemesAt(papa, 900).sil).toBe(1);
  });

  it("holds a long vowel fully", () => {
    expect(visemesAt(papa, 240).aa).toBeCloseTo(1, 3);
  });

  it("starts a mouth shape before its sound", () => {
    expect(visemesAt(papa, 155).aa).toBeGreaterThan(0.3);
    expect(visemesAt(papa, 100).aa).toBe(0);
  });

  it("closes the lips on a short p between two vowels", () => {
    let most = 0;
    for (let t = 300; t < 400; t++) most = Math.max(most, visemesAt(papa, t).PP);
    expect(most).toBeGreaterThan(0.95);
  });

  it("moves without jumps", () => {
    let before = visemesAt(papa, 0);
    for (let t = 4; t <= 700; t += 4) {
      const now = visemesAt(papa, t);
      for (const name of visemeNames) expect(Math.abs(now[name] - before[name])).toBeLessThan(0.25);
      before = now;
    }
  });

  it("plays the weight of a cue and gives the rest to silence", () => {
    const quiet = toTrack({ durationMs: 500, visemes: [{ atMs: 0, viseme: "aa", weight: 0.4 }] });
    const weights = visemesAt(quiet, 250);
    expect(weights.aa).toBeCloseTo(0.4, 5);
    expect(weights.sil).toBeCloseTo(0.6, 5);
  });

  it("accepts cues out of order, unknown names and cues after the end", () => {
    const messy = toTrack({ durationMs: 400, visemes: [{ atMs: 200, viseme: "O" }, { atMs: 0, viseme: "xx" }, { atMs: 900, viseme: "aa" }, { atMs: Number.NaN, viseme: "aa" }] });
    expect(visemesAt(messy, 100).sil).toBeCloseTo(1, 3);
    expect(visemesAt(messy, 300).O).toBeCloseTo(1, 3);
  });

  it("is silent when there are no cues", () => {
    expect(visemesAt(toTrack({ durationMs: 0, visemes: [] }), 0)).toEqual(silence());
  });
});

describe("bodies with five vowels only", () => {
  it.each([["aa", "aa", 1], ["E", "ee", 0.8], ["I", "ih", 0.9], ["O", "oh", 1], ["U", "ou", 1], ["kk", "aa", 0.25], ["CH", "ou", 0.4]] as const)("show %s as %s", (viseme, vowel, weight) => {
    const weights = { ...silence(), sil: 0, [viseme]: 1 };
    expect(toVowels(weights)[vowel]).toBeCloseTo(weight, 6);
  });

  it("close the mouth for p, b and m", () => {
    expect(Object.values(toVowels({ ...silence(), sil: 0, PP: 1 }))).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("the mouth's opening", () => {
  it("is greatest for aa and nothing for closed lips", () => {
    const of = (name: string): number => mouthOpening({ ...silence(), sil: 0, [name]: 1 });
    expect(of("aa")).toBeGreaterThan(of("E"));
    expect(of("E")).toBeGreaterThan(of("I"));
    expect(of("PP")).toBe(0);
  });
});

describe("emotions of a performance", () => {
  const performance = { durationMs: 1000, visemes: [], expressions: [{ atMs: 500, name: "sad", weight: 0.5 }, { atMs: 0, name: "happy", weight: 1 }, { atMs: 600, name: "unheard-of", weight: 1 }] };

  it("follow the latest known cue", () => {
    expect(emotionAt(performance, 100)?.name).toBe("happy");
    expect(emotionAt(performance, 700)?.name).toBe("sad");
  });

  it("end with the performance", () => {
    expect(emotionAt(performance, 1001)).toBeUndefined();
    expect(emotionAt(performance, -1)).toBeUndefined();
  });
});
