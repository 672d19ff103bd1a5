import type { CreateKeyRequest, VirtualKey } from "@/shared/api/types";

/** The endpoints below /v1, by the names keys and limits know them by. */
export const surfaces = ["chat", "responses", "embeddings", "images", "image-edits", "speech", "transcriptions", "rerank", "moderations"] as const;
export type Surface = (typeof surfaces)[number];

export const expiries = ["never", "7", "30", "90", "365"] as const;
export type Expiry = (typeof expiries)[number] | "kept";

/** What the form holds. Nothing chosen means everything: a key that may do nothing is of no use to anybody. */
export interface KeyDraft {
  name: string;
  surfaces: Surface[];
  models: string[];
  expiry: Expiry;
  /** 0: never. */
  rotateEveryDays: number;
  overlapHours: number;
}

/** Days between two secrets; 0 is never. */
export const rotations = [0, 7, 30, 90, 365] as const;
/** Hours for which the secret before goes on. */
export const overlaps = [1, 24, 72, 168] as const;

export const emptyKey: KeyDraft = { name: "", surfaces: [], models: [], expiry: "never", rotateEveryDays: 0, overlapHours: 24 };

export function draftOf(key: VirtualKey): KeyDraft {
  return {
    name: key.name,
    surfaces: key.surfaces.includes("*") ? [] : surfaces.filter((s) => key.surfaces.includes(s)),
    models: key.models.includes("*") ? [] : [...key.models],
    expiry: key.expiresAt ? "kept" : "never",
    rotateEveryDays: key.rotateEveryDays ?? 0,
    overlapHours: key.overlapHours,
  };
}

const dayMs = 86_400_000;

export function requestOf(draft: KeyDraft, now: Date, kept: string | null = null): CreateKeyRequest {
  return {
    name: draft.name.trim(),
    surfaces: draft.surfaces.length > 0 ? draft.surfaces : ["*"],
    models: draft.models.length > 0 ? draft.models : ["*"],
    expiresAt: draft.expiry === "never" ? null : draft.expiry === "kept" ? kept : new Date(now.getTime() + Number(draft.expiry) * dayMs).toISOString(),
    rotateEveryDays: draft.rotateEveryDays || null,
    overlapHours: draft.overlapHours,
  };
}

export type KeyState = "active" | "expired" | "revoked";
export const stateOf = (key: VirtualKey, now: Date): KeyState => (key.revokedAt ? "revoked" : key.expiresAt && new Date(key.expiresAt) <= now ? "expired" : "active");

/** The choices of the form, and whatever else was set elsewhere. */
export const withOwn = (choices: readonly number[], own: number): number[] => [...new Set([...choices, own])].toSorted((a, b) => a - b);

/** The same rule as the server's: a name, or a beginning with an asterisk at its end. */
export const matchesPattern = (pattern: string, model: string): boolean => (pattern.endsWith("*") ? model.startsWith(pattern.slice(0, -1)) : pattern === model);
