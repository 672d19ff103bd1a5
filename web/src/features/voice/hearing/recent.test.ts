import { describe, expect, it } from "vitest";
import { Recent } from "./recent";
import type { Heard } from "./room";

const piece = (value: number): Heard => ({ samples: new Float32Array(4).fill(value), sound: value > 0 });
const values = (pieces: Heard[]): number[] => pieces.flatMap(({ samples }) => [...samples]);

describe("what was heard since a moment that the server tells", () => {
  it("begins within a piece, counts only what was sent, and ends with what was not sent yet", () => {
    const recent = new Recent(4);
    const [silent, first, second, waiting] = [piece(0), piece(1), piece(2), piece(3)];
    recent.add(silent);
    for (const one of [first, second]) {
      recent.add(one);
      recent.sent(one, 1);
    }
    recent.add(waiting);
    expect(values(recent.since(0.5))).toEqual([1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(values(recent.since(1))).toEqual([2, 2, 2, 2, 3, 3, 3, 3]);
    expect(values(recent.since(1.75))).toEqual([2, 3, 3, 3, 3]);
    expect(values(recent.since(2))).toEqual([3, 3, 3, 3]);
  });

  it("counts the silence that says that somebody is there", () => {
    const recent = new Recent(4);
    const [before, after] = [piece(1), piece(2)];
    recent.add(before);
    recent.sent(before, 1);
    recent.sent(piece(0), 1);
    recent.add(after);
    recent.sent(after, 1);
    expect(values(recent.since(2.5))).toEqual([2, 2]);
  });

  it("keeps five seconds", () => {
    const recent = new Recent(4);
    for (let i = 0; i < 20; i++) recent.add(piece(i));
    expect(values(recent.since(0)).filter((_, at) => at % 4 === 0)).toEqual([15, 16, 17, 18, 19]);
    expect(new Recent(4).since(1)).toEqual([]);
  });
});
