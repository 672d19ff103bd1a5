import { describe, expect, it } from "vitest";
import { Gate } from "./gate";

/** Of the length that the microphone hands over. */
const piece = (loudness: number): Float32Array => Float32Array.from({ length: 4096 }, (_, at) => loudness * Math.SQRT2 * Math.sin(at / 3));
const sent = (gate: Gate, loudness: number, count: number): number => Array.from({ length: count }, () => gate.take(piece(loudness)).length).reduce((sum, one) => sum + one, 0);

describe("what is sent while Jean waits to be called", () => {
  it("is nothing in a quiet room, however long", () => {
    const gate = new Gate();
    sent(gate, 0.0005, 1);
    expect(sent(gate, 0.0005, 500)).toBe(0);
    expect(sent(new Gate(), 0, 500)).toBe(0);
  });

  it("is a sound with what was before and after it", () => {
    const gate = new Gate();
    sent(gate, 0.002, 50);
    expect(gate.take(piece(0.1)).length).toBe(5);
    expect(sent(gate, 0.1, 10)).toBe(10);
    expect(sent(gate, 0.002, 100)).toBe(13);
    expect(gate.take(piece(0.1)).length).toBe(5);
  });

  it("is nothing of a fan, and a voice above it", () => {
    const gate = new Gate();
    sent(gate, 0.001, 20);
    sent(gate, 0.02, 600);
    expect(sent(gate, 0.02, 100)).toBe(0);
    expect(sent(gate, 0.08, 3)).toBeGreaterThan(3);
  });
});
