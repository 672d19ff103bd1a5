/** Among what is looked. Project and tag narrow the list of conversations too. */
export interface Filters {
  project: string | null;
  tag: string | null;
  role: "user" | "assistant" | null;
  /** Which model said it. */
  model: string | null;
  has: "code" | "image" | "file" | null;
  /** Not older than so many days. */
  days: number | null;
}

export const noFilters: Filters = { project: null, tag: null, role: null, model: null, has: null, days: null };

/** Whether only messages can pass it. */
export const ofMessages = (f: Filters): boolean => f.role !== null || f.model !== null || f.has !== null || f.days !== null;

const dayMs = 86_400_000;
/** The midnight so many days ago, so that the same search has the same address all day. */
export function daysAgo(days: number, now: Date): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  return new Date(midnight - days * dayMs).toISOString();
}
