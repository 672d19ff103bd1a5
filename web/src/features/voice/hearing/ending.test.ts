import { beforeEach, describe, expect, it } from "vitest";
import { Ending } from "./ending";

const piece = 0.085;
let ending: Ending;
/** After how many seconds of it the dictation is over; null when it goes on. */
const over = (sound: boolean, seconds: number): number | null => {
  for (let passed = piece; passed < seconds; passed += piece) if (ending.pass(piece, sound)) return passed;
  return null;
};

describe("the end of a dictation with words while one speaks", () => {
  beforeEach(() => { ending = new Ending(true); });

  it("is two seconds of silence after what is final", () => {
    expect(over(true, 3)).toBeNull();
    ending.words(false);
    expect(over(false, 1)).toBeNull();
    ending.words(true);
    expect(over(false, 10)).toBeCloseTo(2, 0);
    expect(ending.spoken).toBe(true);
  });

  it("waits for who speaks on, and for words that are not final yet", () => {
    ending.words(true);
    expect(over(false, 1.9)).toBeNull();
    expect(over(true, 5)).toBeNull();
    expect(over(false, 1.9)).toBeNull();
    ending.words(false);
    expect(over(false, 7.9)).toBeNull();
    ending.words(true);
    expect(over(false, 10)).toBeCloseTo(2, 0);
  });

  it("is eight seconds in which nothing is heard at all", () => {
    expect(over(false, 5)).toBeNull();
    expect(over(true, 0.5)).toBeNull();
    expect(over(false, 20)).toBeCloseTo(8, 0);
    expect(ending.spoken).toBe(false);
  });

  it("is not put off by a click", () => {
    ending.words(true);
    expect(over(false, 1)).toBeNull();
    expect(ending.pass(piece, true)).toBe(false);
    expect(over(false, 10)).toBeCloseTo(0.9, 0);
  });

  it("comes also where something is heard all the time that is no words", () => {
    ending.words(true);
    expect(over(true, 60)).toBeCloseTo(20, 0);
    ending = new Ending(true);
    expect(over(true, 60)).toBeCloseTo(20, 0);
  });

  it("does not come while words come", () => {
    for (let i = 0; i < 20; i++) {
      ending.words(i % 3 === 2);
      expect(over(true, 5)).toBeNull();
    }
  });
});

describe("the end of a dictation that is written down when it is over", () => {
  beforeEach(() => { ending = new Ending(false); });

  it("is two seconds of silence after a voice, by its sound alone", () => {
    expect(over(false, 5)).toBeNull();
    expect(over(true, 30)).toBeNull();
    expect(over(false, 1.5)).toBeNull();
    expect(over(true, 1)).toBeNull();
    expect(over(false, 10)).toBeCloseTo(2, 0);
    expect(ending.spoken).toBe(true);
  });

  it("is eight seconds of nothing, after which there is nothing to write down", () => {
    expect(over(false, 3)).toBeNull();
    expect(over(true, 0.2)).toBeNull();
    expect(over(false, 20)).toBeCloseTo(8, 0);
    expect(ending.spoken).toBe(false);
  });
});
