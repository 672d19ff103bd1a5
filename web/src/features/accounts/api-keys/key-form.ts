import type { ApiKey, NewApiKeyRequest } from "@/shared/api/types";

const dayMs = 24 * 60 * 60 * 1000;

/** Days until a key ends; 0 is never. */
export const expiries = [7, 30, 90, 365, 0] as const;
/** Days between two secrets; 0 is never. */
export const rotations = [0, 7, 30, 90] as const;
/** Hours for which the secret before goes on. */
export const overlaps = [1, 24, 72, 168] as const;

export interface KeyDraft {
  name: string;
  scopes: string[];
  expiryDays: number;
  rotateEveryDays: number;
  overlapHours: number;
}

/** A key that ends is the better habit, so that is where the form begins. */
export const emptyKey: KeyDraft = { name: "", scopes: [], expiryDays: 90, rotateEveryDays: 0, overlapHours: 24 };

export function requestOf(draft: KeyDraft, now: Date): NewApiKeyRequest {
  return {
    name: draft.name.trim(),
    scopes: draft.scopes,
    expiresAt: draft.expiryDays === 0 ? null : new Date(now.getTime() + draft.expiryDays * dayMs).toISOString(),
    rotateEveryDays: draft.rotateEveryDays === 0 ? null : draft.rotateEveryDays,
    overlapHours: draft.overlapHours,
  };
}

export type KeyState = "active" | "due" | "expired" | "revoked";

/** A key whose due secret nobody took still lives: it can be given one by hand. */
export function stateOf(key: ApiKey, now: Date): KeyState {
  if (key.revokedAt) return "revoked";
  if (key.expiresAt && new Date(key.expiresAt) <= now) return "expired";
  return key.secretUntil ? "due" : "active";
}

/** A first call that every key may make: what it is itself. */
export const firstCall = (origin: string, secret: string): string => `curl ${origin}/api/accounts/api-keys/self \\\n  -H "Authorization: Bearer ${secret}"`;
