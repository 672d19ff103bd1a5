import type { ConversationSummary } from "@/shared/api/types";

export const periods = ["today", "yesterday", "week", "older"] as const;
export type Period = (typeof periods)[number];

const dayMs = 86_400_000;

/** By the days of the person's own calendar. */
export function periodOf(value: string, now: Date): Period {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const at = Date.parse(value);
  if (at >= midnight) return "today";
  // Half a day more, because a day of clock change is not 24 hours long.
  if (at >= new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0)) return "yesterday";
  return at >= new Date(midnight - 6.5 * dayMs).setHours(0, 0, 0, 0) ? "week" : "older";
}

export function byPeriod(items: readonly ConversationSummary[], now: Date): { period: Period; items: ConversationSummary[] }[] {
  return periods.map((period) => ({ period, items: items.filter((c) => periodOf(c.updatedAt, now) === period) })).filter((group) => group.items.length > 0);
}
