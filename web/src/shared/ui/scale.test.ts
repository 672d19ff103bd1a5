import { describe, expect, it } from "vitest";
import { barsOf, lineOf, roundUp, slotAt, ticksOf } from "./scale";

describe("the top of a chart", () => {
  it.each([[0, 1], [Number.NaN, 1], [0.3, 0.5], [1, 1], [1.1, 2], [2.2, 2.5], [7, 10], [10, 10], [101, 200], [0.07, 0.1], [12_345, 20_000]])("of %f is %f", (value, top) => {
    expect(roundUp(value)).toBeCloseTo(top, 10);
  });

  it("has no half calls", () => {
    expect(ticksOf(3, true)).toEqual([0, 5]);
    expect(ticksOf(0, true)).toEqual([0, 1]);
    expect(ticksOf(90, true)).toEqual([0, 50, 100]);
    expect(ticksOf(0.4, false)).toEqual([0, 0.25, 0.5]);
  });
});

describe("bars", () => {
  it("stand side by side and on one another", () => {
    const [first, second] = barsOf([[5, 5], [10, 0]], 10);
    expect(first!.parts).toEqual([{ from: 0, height: 0.5 }, { from: 0.5, height: 0.5 }]);
    expect(second!.parts).toEqual([{ from: 0, height: 1 }, { from: 1, height: 0 }]);
    expect(second!.x).toBeCloseTo(0.55);
  });

  it("show one failure among a million, and never leave the box", () => {
    const [bar] = barsOf([[1_000_000, 1]], 1_000_000);
    expect(bar!.parts[1]!.from + bar!.parts[1]!.height).toBeLessThanOrEqual(1);
    expect(barsOf([[999, 1]], 1_000_000)[0]!.parts[1]!.height).toBe(0.01);
  });
});

describe("lines and the pointer", () => {
  it("run from the first slot's middle to the last one's", () => {
    expect(lineOf([0, 10], 10)).toEqual([{ x: 0.25, y: 1 }, { x: 0.75, y: 0 }]);
  });

  it("find the slot under the pointer, also when time runs to the left", () => {
    const box = { left: 100, width: 200 };
    expect(slotAt(100, box, 4, false)).toBe(0);
    expect(slotAt(299, box, 4, false)).toBe(3);
    expect(slotAt(100, box, 4, true)).toBe(3);
    expect(slotAt(-50, box, 4, false)).toBe(0);
  });
});
