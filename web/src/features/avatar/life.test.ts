import { describe, expect, it } from "vitest";
import { Blinker, blinkS, lidAt } from "./blink";
import { approach, gazeLimits, Life, type LifeInput, type LifePose } from "./life";
import { seededRandom } from "./random";

const still: LifeInput = { pointerX: 0, pointerY: 0, speaking: false, mouth: 0, reducedMotion: false };
const frameS = 1 / 60;

function live(seconds: number, input: (timeS: number) => LifeInput, seed = 7): LifePose[] {
  const life = new Life(seed);
  return Array.from({ length: Math.round(seconds * 60) }, (_, i) => life.step(frameS, input(i * frameS)));
}

function blinkStarts(seconds: number, speaking: boolean, seed: number): number[] {
  const blinker = new Blinker(seededRandom(seed));
  const starts: number[] = [];
  let before = 0;
  for (let i = 0; i < seconds * 60; i++) {
    const now = blinker.step(frameS, speaking);
    if (before === 0 && now > 0) starts.push(i * frameS);
    before = now;
  }
  return starts;
}

describe("blinking", () => {
  it("closes the lids fully and opens them again", () => {
    expect(Math.max(...Array.from({ length: 250 }, (_, i) => lidAt((i / 250) * blinkS)))).toBe(1);
    expect(lidAt(-0.01)).toBe(0);
    expect(lidAt(blinkS)).toBe(0);
  });

  it("comes every two to six seconds, apart from double blinks", () => {
    const starts = blinkStarts(600, false, 3);
    const gaps = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
    for (const gap of gaps) expect(gap < 0.5 || (gap > 1.9 && gap < 6.3)).toBe(true);
    const doubles = gaps.filter((gap) => gap < 0.5).length;
    expect(doubles).toBeGreaterThan(5);
    expect(doubles).toBeLessThan(gaps.length / 3);
  });

  it("is rarer while speaking", () => {
    expect(blinkStarts(600, true, 3).length).toBeLessThan(blinkStarts(600, false, 3).length * 0.85);
  });
});

describe("life", () => {
  it("repeats for the same seed and differs for another", () => {
    expect(live(5, () => still, 1)).toEqual(live(5, () => still, 1));
    expect(live(5, () => still, 1)).not.toEqual(live(5, () => still, 2));
  });

  it("breathes about fourteen times a minute", () => {
    const poses = live(60, () => still);
    const rises = poses.filter((pose, i) => i > 0 && pose.breath >= 0 && (poses[i - 1]?.breath ?? 0) < 0).length;
    expect(rises).toBeGreaterThanOrEqual(12);
    expect(rises).toBeLessThanOrEqual(17);
  });

  it("looks at the pointer with eyes and head together and keeps their limits", () => {
    const right = live(3, () => ({ ...still, pointerX: 1, pointerY: 1 })).at(-1);
    expect(right?.headYaw).toBeGreaterThan(gazeLimits.yaw * gazeLimits.headShare - 4);
    expect(right?.headPitch).toBeGreaterThan(4);
    expect((right?.headYaw ?? 0) + (right?.eyeYaw ?? 0)).toBeGreaterThan(gazeLimits.yaw - 6);
    for (const pose of live(5, (t) => ({ ...still, pointerX: t % 1 > 0.5 ? 9 : -9, pointerY: 9 }))) {
      expect(Math.abs(pose.eyeYaw)).toBeLessThanOrEqual(gazeLimits.eyeYaw);
      expect(Math.abs(pose.eyePitch)).toBeLessThanOrEqual(gazeLimits.eyePitch);
      expect(Math.abs(pose.headYaw)).toBeLessThan(gazeLimits.yaw * gazeLimits.headShare + 4);
    }
  });

  it("moves the eyes before the head", () => {
    const early = live(0.15, () => ({ ...still, pointerX: 1 })).at(-1);
    expect(early?.eyeYaw ?? 0).toBeGreaterThan((early?.headYaw ?? 0) * 1.5);
  });

  it("turns the head without jumps", () => {
    const poses = live(4, (t) => ({ ...still, pointerX: t > 2 ? 1 : -1 }));
    for (const [i, pose] of poses.entries()) {
      if (i > 0) expect(Math.abs(pose.headYaw - (poses[i - 1]?.headYaw ?? 0))).toBeLessThan(1.5);
    }
  });

  it("nods on stressed syllables and only while speaking", () => {
    const syllables = (t: number): number => (t % 0.4 > 0.2 ? 0.9 : 0);
    const talking = live(20, (t) => ({ ...still, speaking: true, mouth: syllables(t) }));
    expect(Math.max(...talking.map((pose) => pose.emphasis))).toBeGreaterThan(0.4);
    expect(Math.max(...live(20, (t) => ({ ...still, mouth: syllables(t) })).map((pose) => pose.emphasis))).toBe(0);
  });

  it("keeps only the blink when motion is reduced", () => {
    const poses = live(30, () => ({ ...still, pointerX: 1, speaking: true, mouth: 0.9, reducedMotion: true }));
    expect(Math.max(...poses.map((pose) => pose.blink))).toBeGreaterThan(0.9);
    for (const { blink, ...rest } of poses) expect(blink >= 0 && Object.values(rest).every((value) => value === 0)).toBe(true);
  });

  it("does not depend on the frame rate", () => {
    let coarse = 0;
    let fine = 0;
    for (let i = 0; i < 30; i++) coarse = approach(coarse, 1, 0.3, 1 / 30);
    for (let i = 0; i < 120; i++) fine = approach(fine, 1, 0.3, 1 / 120);
    expect(coarse).toBeCloseTo(fine, 10);
  });
});
