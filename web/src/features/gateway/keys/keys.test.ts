import { describe, expect, it } from "vitest";
import type { VirtualKey } from "@/shared/api/types";
import { draftOf, emptyKey, matchesPattern, requestOf, rotations, stateOf, withOwn } from "./key-form";
import { snippet } from "./snippets";

const now = new Date("2026-11-21T10:00:00Z");
const key: VirtualKey = {
  id: "k1", userId: "u1", name: "Harbour", hint: "…x4Qk", surfaces: ["embeddings", "chat"], models: ["harbour/*"], createdAt: "2026-11-01T00:00:00Z",
  expiresAt: "2026-12-01T00:00:00Z", revokedAt: null, lastUsedAt: null, previousUntil: null, version: 1,
  rotateEveryDays: 45, overlapHours: 6, rotateAt: "2026-12-16T00:00:00Z", secretUntil: null, leaked: false,
};

describe("a key's form", () => {
  it("asks for everything when nothing is chosen", () => {
    expect(requestOf({ ...emptyKey, name: " Notebook " }, now)).toEqual({ name: "Notebook", surfaces: ["*"], models: ["*"], expiresAt: null, rotateEveryDays: null, overlapHours: 24 });
  });

  it("counts an expiry from now", () => {
    expect(requestOf({ ...emptyKey, name: "a", expiry: "7" }, now).expiresAt).toBe("2026-11-28T10:00:00.000Z");
  });

  it("gives back what it was filled with", () => {
    expect(requestOf(draftOf(key), now, key.expiresAt)).toEqual({ name: "Harbour", surfaces: ["chat", "embeddings"], models: ["harbour/*"], expiresAt: key.expiresAt, rotateEveryDays: 45, overlapHours: 6 });
    expect(draftOf({ ...key, surfaces: ["*"], models: ["*"], expiresAt: null })).toEqual({ ...emptyKey, name: "Harbour", rotateEveryDays: 45, overlapHours: 6 });
  });
});

describe("the choices of a plan", () => {
  it("hold what was set elsewhere too, once and in order", () => {
    expect(withOwn(rotations, 45)).toEqual([0, 7, 30, 45, 90, 365]);
    expect(withOwn(rotations, 30)).toEqual([0, 7, 30, 90, 365]);
  });
});

describe("a key", () => {
  it("is active, expired or revoked, and revoked before expired", () => {
    expect(stateOf(key, now)).toBe("active");
    expect(stateOf(key, new Date("2026-12-01T00:00:00Z"))).toBe("expired");
    expect(stateOf({ ...key, revokedAt: "2026-11-20T00:00:00Z" }, new Date("2027-01-01T00:00:00Z"))).toBe("revoked");
  });

  it.each([["*", "a/b", true], ["a/*", "a/b", true], ["a/*", "ab/c", false], ["smart", "smart", true], ["smart", "smarter", false]])("%s covers %s: %s", (pattern, model, covers) => {
    expect(matchesPattern(pattern, model)).toBe(covers);
  });
});

describe("the first call", () => {
  const wanted = { baseUrl: "https://jean.example/v1", secret: "jt-secret", model: "it's/a \"model\"", surfaces: ["*"] };

  it("survives the shell whatever the model is called", () => {
    expect(snippet({ ...wanted, kind: "curl" })).toContain(String.raw`"model": "it'\''s/a \"model\""`);
  });

  it("uses what the key may use", () => {
    expect(snippet({ ...wanted, kind: "curl", surfaces: ["embeddings"] })).toContain("/v1/embeddings");
    expect(snippet({ ...wanted, kind: "curl", surfaces: ["speech"] })).toBe('curl https://jean.example/v1/models \\\n  -H "Authorization: Bearer jt-secret"');
    for (const kind of ["python", "javascript"] as const) {
      expect(snippet({ ...wanted, kind })).toContain("chat.completions.create");
      expect(snippet({ ...wanted, kind, surfaces: ["embeddings"] })).toContain("embeddings.create");
    }
  });
});
