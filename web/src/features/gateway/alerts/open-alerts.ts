import type { Alert } from "@/shared/api/types";

/** What one card tells: the newest alert, and those before it that it stands for. */
export interface OpenAlert {
  alert: Alert;
  ids: readonly string[];
}

/**
 * What the owner has not seen yet: what lasts, and budgets that were reached. A budget that was reached several times, at 80 and then at
 * 100 per cent, or each minute anew, is told of once.
 */
export function openAlerts(newestFirst: readonly Alert[]): OpenAlert[] {
  const open = new Map<string, { alert: Alert; ids: string[] }>();
  for (const alert of newestFirst) {
    if (alert.acknowledgedAt !== null || (alert.endedAt !== null && alert.kind !== "budget")) continue;
    const key = alert.kind === "budget" && alert.limitId !== null ? alert.limitId : alert.id;
    const told = open.get(key);
    if (told) told.ids.push(alert.id);
    else open.set(key, { alert, ids: [alert.id] });
  }
  return [...open.values()];
}
