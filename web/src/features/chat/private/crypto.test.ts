import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromBase64, makePair, newCode, openBox, openVault, readCode, rounds, sealBox, strengthOf, unwrap, wrap, type Wrapping } from "./crypto";

interface Side { boxes: { place: string; text: string; box: string }[]; wrapping: Wrapping }
const vectors = JSON.parse(readFileSync("../tests/private-vectors.json", "utf8")) as { passphrase: string; publicKey: string; pkcs8: string; server: Side; browser: Side };
const pair = { publicKey: vectors.publicKey, pkcs8: fromBase64(vectors.pkcs8) };

describe("what either side made", () => {
  it.each(["server", "browser"] as const)("opens: boxes of the %s", async (side) => {
    const vault = await openVault(pair);
    expect(vectors[side].boxes.length).toBeGreaterThan(2);
    for (const { place, text, box } of vectors[side].boxes) expect(await openBox(vault, place, box)).toBe(text);
  });

  it.each(["server", "browser"] as const)("opens: the key wrapped by the %s, with its passphrase only", async (side) => {
    const { wrapping } = vectors[side];
    expect(wrapping.rounds).toBeGreaterThanOrEqual(rounds);
    expect((await unwrap(wrapping, vectors.publicKey, vectors.passphrase))?.pkcs8).toEqual(pair.pkcs8);
    expect(await unwrap(wrapping, vectors.publicKey, "eight herons")).toBeNull();
  });
});

describe("boxes", () => {
  it("open in their place, with their key, unchanged, and nowhere else", async () => {
    const mine = await makePair();
    const vault = await openVault(mine);
    const box = await sealBox(vault.publicKey, "message:1", "Русский, العربية, 🪶");
    expect(await openBox(vault, "message:1", box)).toBe("Русский, العربية, 🪶");
    await expect(openBox(vault, "message:2", box)).rejects.toThrow();
    await expect(openBox(await openVault(await makePair()), "message:1", box)).rejects.toThrow();
    await expect(openBox(vault, "message:1", box.slice(0, -6) + (box.endsWith("AAAAA=") ? "BBBBB=" : "AAAAA="))).rejects.toThrow();
    expect(await sealBox(vault.publicKey, "message:1", "x")).not.toBe(await sealBox(vault.publicKey, "message:1", "x"));
  });

  it("carry long texts", async () => {
    const vault = await openVault(await makePair());
    const long = "длинный 🪶 ".repeat(40_000);
    expect(await openBox(vault, "m", await sealBox(vault.publicKey, "m", long))).toBe(long);
  });

  it("come from a key that no script reads out", async () => {
    const { key } = await openVault(await makePair());
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("pkcs8", key)).rejects.toThrow();
  });
});

describe("wrapping", () => {
  it("does not open for a public key that was exchanged", async () => {
    const mine = await makePair();
    const other = await makePair();
    const wrapping = await wrap(mine, "a passphrase of mine");
    expect(await unwrap(wrapping, mine.publicKey, "a passphrase of mine")).toEqual(mine);
    expect(await unwrap(wrapping, other.publicKey, "a passphrase of mine")).toBeNull();
  });
});

describe("the recovery code", () => {
  it("is another each time and reads back however it is typed", () => {
    const code = newCode();
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/u);
    expect(newCode()).not.toBe(code);
    expect(readCode(code.toLowerCase().replaceAll("-", " "))).toBe(code);
    expect(readCode("o1lI-0000")).toBe("0111-0000");
  });
});

describe("the strength of a passphrase", () => {
  it.each([["short", 0], ["aaaaaaaaaaaaaaaa", 1], ["abcabcabcabcabcabc", 1], ["seven herons on a quiet lake", 3], ["Tr0ub4dor&3xy!", 2]] as const)("%s: %i", (passphrase, strength) => {
    expect(strengthOf(passphrase)).toBe(strength);
  });
});
