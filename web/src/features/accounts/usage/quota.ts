import type { Plan, Quota, SetPlanRequest } from "@/shared/api/types";
import { gigabyte } from "./bytes";

export type Fill = "calm" | "near" | "full";

/** How full a quota is: the share of its bar, and whether that is worth a look. What is unlimited never fills. */
export function fillOf({ used, limit }: Pick<Quota, "used" | "limit">): { share: number; fill: Fill } {
  if (limit === null) return { share: 0, fill: "calm" };
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  return { share, fill: share >= 1 ? "full" : share >= 0.8 ? "near" : "calm" };
}

/** A plan as it is typed: bytes in gigabytes, and nothing for no limit. */
export interface PlanDraft {
  requests: string;
  storage: string;
  bandwidth: string;
}

const gigabytes = (bytes: number | null): string => (bytes === null ? "" : String(Math.round((bytes / gigabyte) * 1000) / 1000));

export const draftOf = (plan: Plan): PlanDraft => ({
  requests: plan.requestsPerDay === null ? "" : String(plan.requestsPerDay),
  storage: gigabytes(plan.storageBytes),
  bandwidth: gigabytes(plan.bandwidthBytesPerMonth),
});

/** An amount as typed, in units of so many; null for none, undefined for what is no amount. Single ones are not split. */
export function amountOf(typed: string, unit: number): number | null | undefined {
  if (typed.trim() === "") return null;
  const value = Number(typed);
  return Number.isFinite(value) && value >= 0 && (unit !== 1 || Number.isInteger(value)) ? Math.round(value * unit) : undefined;
}

/** What is sent, or the first field that is no amount. */
export function requestOf(draft: PlanDraft): SetPlanRequest | keyof PlanDraft {
  const requestsPerDay = amountOf(draft.requests, 1), storageBytes = amountOf(draft.storage, gigabyte), bandwidthBytesPerMonth = amountOf(draft.bandwidth, gigabyte);
  if (requestsPerDay === undefined) return "requests";
  if (storageBytes === undefined) return "storage";
  return bandwidthBytesPerMonth === undefined ? "bandwidth" : { requestsPerDay, storageBytes, bandwidthBytesPerMonth };
}
