import { describe, expect, it } from "vitest";
import { joined, resample, Resampler, toPcm } from "./samples";

const tone = (hertz: number, rate: number, seconds = 0.5): Float32Array => Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate));
const strength = (samples: Float32Array): number => {
  const middle = samples.slice(200, -200);
  return Math.sqrt(middle.reduce((sum, s) => sum + s * s, 0) / middle.length) * Math.SQRT2;
};

describe("what the microphone gave", () => {
  it.each([[48_000], [44_100], [96_000], [8_000]])("at %s Hz keeps its pitch and its strength", (rate) => {
    const made = resample(tone(1_000, rate), rate);
    expect(made.length).toBe(8_000);
    expect(strength(made)).toBeCloseTo(1, 2);
    const crossings = made.reduce((count, s, at) => count + (at > 0 && s >= 0 && made[at - 1]! < 0 ? 1 : 0), 0);
    expect(crossings).toBeGreaterThanOrEqual(499);
    expect(crossings).toBeLessThanOrEqual(501);
  });

  it.each([[10_000], [12_500], [20_000]])("does not fold %s Hz into what is heard", (hertz) => {
    expect(strength(resample(tone(hertz, 48_000), 48_000))).toBeLessThan(0.01);
  });

  it.each([[48_000], [44_100], [8_000]])("at %s Hz is the same in pieces of any length as all at once", (rate) => {
    const sound = tone(700, rate);
    const resampler = new Resampler(rate);
    const pieces: Float32Array[] = [];
    for (let at = 0, length = 1; at < sound.length; at += length, length = (length * 7) % 1009) pieces.push(resampler.push(sound.subarray(at, at + length)));
    pieces.push(resampler.push(new Float32Array(), true));
    const made = joined(pieces), whole = resample(sound, rate);
    expect(made.length).toBe(whole.length);
    expect(Math.max(...made.map((s, at) => Math.abs(s - whole[at]!)))).toBeLessThan(1e-6);
    expect(pieces.filter((piece) => piece.length > 0).length).toBeGreaterThan(5);
  });

  it("is left as it is where the rate is right", () => {
    const samples = tone(440, 16_000);
    expect(resample(samples, 16_000)).toBe(samples);
  });

  it("becomes little-endian samples that never wrap around", () => {
    expect([...new Uint8Array(toPcm(Float32Array.of(0, 1, -1, 2, -2, 0.5)))]).toEqual([0, 0, 0xff, 0x7f, 0x01, 0x80, 0xff, 0x7f, 0x01, 0x80, 0x00, 0x40]);
  });

  it("is one sound again", () => {
    expect([...joined([Float32Array.of(1, 2), Float32Array.of(), Float32Array.of(3)])]).toEqual([1, 2, 3]);
  });
});
