import { describe, expect, it } from "vitest";
import { Resolution, resolutionSteps } from "./resolution";

const feed = (resolution: Resolution, intervalMs: number, times: number): boolean[] => Array.from({ length: times }, () => resolution.note(intervalMs));

describe("the resolution", () => {
  it("stays full on a device that keeps up", () => {
    const resolution = new Resolution();
    expect(feed(resolution, 17, 500)).not.toContain(true);
    expect(resolution.share).toBe(1);
  });

  it("falls step by step on a slow device and stops at the last step", () => {
    const resolution = new Resolution();
    const seen = new Set<number>();
    for (let i = 0; i < 60; i++) {
      resolution.note(60);
      seen.add(resolution.share);
    }
    expect([...seen]).toEqual([...resolutionSteps]);
  });

  it("falls to the last step at once where frames take very long", () => {
    const resolution = new Resolution();
    expect(feed(resolution, 400, 4)).toEqual([false, false, false, true]);
    expect(resolution.share).toBe(resolutionSteps.at(-1));
  });

  it("does not mind a single hiccup", () => {
    const resolution = new Resolution();
    feed(resolution, 16, 3);
    resolution.note(120);
    feed(resolution, 16, 50);
    expect(resolution.share).toBe(1);
  });

  it("tells each change once", () => {
    expect(feed(new Resolution(), 100, 8).filter(Boolean)).toHaveLength(2);
  });
});
