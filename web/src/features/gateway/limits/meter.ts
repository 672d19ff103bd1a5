import type { Limit, Meter } from "@/shared/api/types";
import type { Amounts } from "@/shared/i18n/amounts";

/** An amount of a limit in the unit of its meter. */
export const written = (meter: Meter, amount: number, amounts: Amounts): string => (meter === "cost" ? amounts.cost(amount) : amounts.short(amount));

export type Fill = "calm" | "near" | "full";

/** How full a limit is: shares of its bar, and whether that is worth a look. */
export function fillOf({ amount, spent, held, action }: Pick<Limit, "amount" | "spent" | "held" | "action">): { spent: number; held: number; fill: Fill } {
  const whole = Math.max(amount, 1);
  const used = amount === 0 ? 1 : Math.min(1, spent / whole);
  const reserved = Math.min(1 - used, held / whole);
  const share = amount === 0 ? 1 : (spent + held) / whole;
  return { spent: used, held: reserved, fill: share >= 1 ? (action === "warn" ? "near" : "full") : share >= 0.8 ? "near" : "calm" };
}
