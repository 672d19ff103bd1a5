import type { Price, PriceLine } from "@/shared/api/types";
import { amountNames, microsOf, typed, type AmountName } from "./amount";

/** From when on: at once, or from a moment as a date field has it, in the time of this device. */
export interface WhenDraft {
  when: "now" | "date";
  at: string;
  /** The moment `at` was filled with, whose seconds a date field does not show. */
  kept: string | null;
}

/** What the form holds. Amounts are texts while they are typed. */
export interface PriceDraft extends WhenDraft {
  pattern: string;
  amounts: Record<AmountName, string>;
}

export const atOnce: WhenDraft = { when: "now", at: "", kept: null };
const noAmounts = Object.fromEntries(amountNames.map((name) => [name, ""])) as Record<AmountName, string>;
export const emptyPrice: PriceDraft = { ...atOnce, pattern: "", amounts: noAmounts };

const pad = (value: number): string => String(value).padStart(2, "0");
/** As a date field has it. */
export const localText = (moment: Date): string =>
  `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}T${pad(moment.getHours())}:${pad(moment.getMinutes())}`;

/** What a version says, to change it: one that is still to come keeps its moment and is replaced there. */
export function draftOf(price: Price, planned: boolean): PriceDraft {
  const amounts = { ...noAmounts };
  for (const name of amountNames) {
    const micros = price[`${name}Micros`];
    // A version that ends a price carries noughts, which nobody meant as amounts; nor does a request that costs nothing need to be said.
    if (micros !== null && !price.ended && !(name === "request" && micros === 0)) amounts[name] = typed(micros, name);
  }
  return { pattern: price.pattern, amounts, ...(planned ? { when: "date", at: localText(new Date(price.validFrom)), kept: price.validFrom } : atOnce) };
}

export type PatternFault = "empty" | "invalid";

/** The same rule as the server's: a name, or a beginning with an asterisk at its end. */
export function patternFault(pattern: string): PatternFault | null {
  const name = pattern.trim();
  if (name === "") return "empty";
  const star = name.indexOf("*");
  return (star >= 0 && star < name.length - 1) || /[\s\u0000-\u001f\u007f-\u009f]/.test(name) ? "invalid" : null;
}

/** The amounts that cannot be read. */
export const amountFaults = (amounts: PriceDraft["amounts"]): readonly AmountName[] =>
  amountNames.filter((name) => amounts[name].trim() !== "" && microsOf(amounts[name], name) === null);

/** A price of nothing must be meant: somewhere a 0 has to stand. */
export const hasAmount = (amounts: PriceDraft["amounts"]): boolean => amountNames.some((name) => amounts[name].trim() !== "");

/** From when on, as the server takes it: null is now. Undefined when that moment is none, or over. */
export function momentOf({ when, at, kept }: WhenDraft, now: Date): string | null | undefined {
  if (when === "now") return null;
  if (kept && at === localText(new Date(kept))) return kept;
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) || moment <= now ? undefined : moment.toISOString();
}

/** What the server is asked for; only for a draft without faults. */
export function lineOf({ pattern, amounts }: PriceDraft, validFrom: string | null): PriceLine {
  const micros = (name: AmountName): number | null => microsOf(amounts[name], name);
  return {
    pattern: pattern.trim(), inputMicros: micros("input") ?? 0, outputMicros: micros("output") ?? 0, cachedInputMicros: micros("cachedInput"),
    cacheWriteMicros: micros("cacheWrite"), reasoningMicros: micros("reasoning"), requestMicros: micros("request") ?? 0, imageMicros: micros("image"),
    audioSecondMicros: micros("audioSecond"), characterMicros: micros("character"), validFrom,
  };
}
