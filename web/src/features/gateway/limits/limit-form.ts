import type { CreateLimitRequest, Limit, LimitWindow, Meter } from "@/shared/api/types";

export const limitKinds = ["all", "key", "user", "team", "plan", "route"] as const;
export type LimitKind = (typeof limitKinds)[number];
export const meters: readonly Meter[] = ["cost", "requests", "tokens", "streams"];
export const windows: readonly Exclude<LimitWindow, "none">[] = ["minute", "hour", "day", "month"];

/** What the form holds. The amount is a text while it is typed; a cost is typed in the currency and kept in its millionths. */
export interface LimitDraft {
  kind: LimitKind;
  subject: string;
  meter: Meter;
  window: LimitWindow;
  amount: string;
  action: "stop" | "warn";
}

export const emptyLimit: LimitDraft = { kind: "all", subject: "", meter: "cost", window: "month", amount: "", action: "stop" };

const unit = (meter: Meter): number => (meter === "cost" ? 1_000_000 : 1);

export const draftOf = (limit: Limit): LimitDraft => ({
  ...emptyLimit, subject: limit.subject, meter: limit.meter, window: limit.window, action: limit.action, amount: String(limit.amount / unit(limit.meter)),
});

/** In the unit of the meter; null when it is not a number a limit can have. */
export function amountOf({ meter, amount }: Pick<LimitDraft, "meter" | "amount">): number | null {
  const value = amount.trim() === "" ? Number.NaN : Number(amount) * unit(meter);
  const whole = Math.round(value);
  // Counts are whole; a cost has six decimals.
  return Number.isFinite(value) && value >= 0 && Math.abs(value - whole) < 1e-3 && whole <= 1e15 ? whole : null;
}

/** Calls at the same time have no window and can only be stopped. */
export function requestOf(draft: LimitDraft, amount: number): CreateLimitRequest {
  const streams = draft.meter === "streams";
  return {
    subjectKind: draft.kind, subject: draft.kind === "all" ? null : draft.subject.trim(), meter: draft.meter,
    window: streams ? "none" : draft.window, amount, action: streams ? "stop" : draft.action,
  };
}
