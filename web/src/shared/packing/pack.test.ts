// @vitest-environment node
import { describe, expect, it } from "vitest";
import { pack } from "./pack";

const unpacked = (blob: Blob) => new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).text();
const chance = (bytes: number) => {
  const noise = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
  return noise;
};

describe("packing", () => {
  it("makes a long text smaller and keeps each letter of it", async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `${i} أهلاً, xin chào, привет`).join("\n");
    const file = new Blob([text]);
    const made = await pack(file);
    expect(made!.size).toBeLessThan(file.size / 3);
    expect(await unpacked(made!)).toBe(text);
  });

  it("leaves alone what is packed already, also when only the rest of it is", async () => {
    expect(await pack(new Blob([chance(200_000)]))).toBeNull();
    expect(await pack(new Blob(["once upon a time ".repeat(5_000), chance(2_000_000)]))).toBeNull();
  });

  it("leaves alone what the server would take for a bomb", async () => {
    expect(await pack(new Blob(["0".repeat(3_000_000)]))).toBeNull();
  });
});
