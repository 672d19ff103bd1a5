import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/shared/api/query-client";
import type { SealedMessage } from "@/shared/api/types";
import { endSession } from "@/shared/session/session";
import { makePair, openVault, sealBox, type Vault } from "./crypto";
import { openAll, openMessage } from "./opened";
import { fitting } from "./talk";
import { idleMs, lock, onLock, unlock, vaultNow } from "./vault";

let vault: Vault;
beforeEach(async () => {
  vault = await openVault(await makePair());
  vi.useFakeTimers();
  unlock(vault);
});
afterEach(() => {
  lock();
  vi.useRealTimers();
});

describe("the lock", () => {
  it("falls by the button, and what was opened is forgotten", () => {
    const forget = vi.fn();
    onLock(forget);
    lock();
    expect(vaultNow()).toBeNull();
    expect(forget).toHaveBeenCalledOnce();
  });

  it("falls after a quarter of an hour without a sign of life, and not before", () => {
    vi.advanceTimersByTime(idleMs - 1_000);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    vi.advanceTimersByTime(idleMs - 1_000);
    expect(vaultNow()).toBe(vault);
    vi.advanceTimersByTime(2_000);
    expect(vaultNow()).toBeNull();
  });

  it("falls at the first sign of life after a sleep in which no timer ran", () => {
    vi.setSystemTime(Date.now() + idleMs + 1);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    expect(vaultNow()).toBeNull();
  });

  it("falls at sign-out", () => {
    queryClient.setQueryData(["accounts", "session"], { user: { id: "1" } });
    endSession();
    expect(vaultNow()).toBeNull();
  });
});

describe("what is opened", () => {
  const sealed = (box: string | null, pieces: SealedMessage["pieces"]): SealedMessage => ({
    id: "m1", parentId: null, role: "assistant", status: "interrupted", modelId: "x", box, pieces, siblingIds: ["m1"], turnId: "t1", createdAt: "2026-11-22T08:00:00Z",
  });
  const whole = (text: string): string => JSON.stringify({ text, parts: [], actions: [], citations: [], error: null });

  it("is put together from a box and the pieces behind it", async () => {
    const box = await sealBox(vault.publicKey, "message:m1", whole("Until "));
    const reasoning = { ordinal: 0, kind: "reasoning", at: 6, text: null, state: "running" };
    const pieces = await Promise.all([
      { at: 6, text: "the lights ", steps: [{ part: reasoning }, { delta: { ordinal: 0, at: 0, text: "Hm" } }] },
      { at: 17, text: "go out", steps: [{ delta: { ordinal: 0, at: 2, text: "m." } }, { part: { ...reasoning, state: "done" } }] },
    ].map(async (piece, number) => ({ number, box: await sealBox(vault.publicKey, `piece:t1:${number}`, JSON.stringify(piece)) })));
    const message = await openMessage(vault, sealed(box, pieces));
    expect(message.text).toBe("Until the lights go out");
    expect(message.parts).toHaveLength(1);
    expect(message.parts[0]).toMatchObject({ text: "Hmm.", state: "done" });
  });

  it("says so where a box belongs to another message, and shows the others", async () => {
    const box = await sealBox(vault.publicKey, "message:other", whole("Not here"));
    const message = await openMessage(vault, sealed(box, []));
    expect(message.text).not.toContain("Not here");
    expect(message.text).not.toBe("");
  });

  it("is nothing when it was locked meanwhile", async () => {
    const box = await sealBox(vault.publicKey, "message:m1", whole("Mine"));
    const opening = openAll(vault, [sealed(box, [])]);
    lock();
    expect(await opening).toEqual([]);
  });
});

describe("what goes along with a question", () => {
  it("is the end of what was said, as much as fits", () => {
    const line = (at: number) => ({ role: "user" as const, text: `${at}` });
    expect(fitting(Array.from({ length: 300 }, (_, at) => line(at)))).toHaveLength(200);
    expect(fitting(Array.from({ length: 300 }, (_, at) => line(at))).at(-1)).toEqual(line(299));
    const long = "ж".repeat(200_000);
    expect(fitting([{ role: "user", text: long }, { role: "assistant", text: long }, line(1)])).toEqual([{ role: "assistant", text: long }, line(1)]);
  });
});
