import { describe, expect, it } from "vitest";
import { Gate } from "./gate";
import { Room } from "./room";

/** Of the length that the microphone hands over. */
const piece = (loudness: number): Float32Array => Float32Array.from({ length: 4096 }, (_, at) => loudness * Math.SQRT2 * Math.sin(at / 3));
class Ear {
  readonly #gate = new Gate();
  readonly #room = new Room();
  take(loudness: number): number { return this.#gate.take(this.#room.judge(piece(loudness))).length; }
}
const sent = (ear: Ear, loudness: number, count: number): number => Array.from({ length: count }, () => ear.take(loudness)).reduce((sum, one) => sum + one, 0);

describe("what is sent while Jean waits to be called", () => {
  it("is nothing in a quiet room, however long", () => {
    const ear = new Ear();
    sent(ear, 0.0005, 1);
    expect(sent(ear, 0.0005, 500)).toBe(0);
    expect(sent(new Ear(), 0, 500)).toBe(0);
  });

  it("is a sound with what was before and after it", () => {
    const ear = new Ear();
    sent(ear, 0.002, 50);
    expect(ear.take(0.1)).toBe(5);
    expect(sent(ear, 0.1, 10)).toBe(10);
    expect(sent(ear, 0.002, 100)).toBe(13);
    expect(ear.take(0.1)).toBe(5);
  });

  it("is nothing of a fan, and a voice above it", () => {
    const ear = new Ear();
    sent(ear, 0.001, 20);
    sent(ear, 0.02, 600);
    expect(sent(ear, 0.02, 100)).toBe(0);
    expect(sent(ear, 0.08, 3)).toBeGreaterThan(3);
  });
});
