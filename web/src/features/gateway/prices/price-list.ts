import type { Model, Price } from "@/shared/api/types";
import { matchesPattern } from "../keys/key-form";

export type VersionState = "inForce" | "planned" | "past" | "replaced";
export interface Version {
  price: Price;
  state: VersionState;
}

/** One pattern with all its versions, the newest moment first. */
export interface Series {
  pattern: string;
  versions: readonly Version[];
  /** What counts now; null when nothing does. */
  current: Price | null;
  /** What counts next, be it that the price ends. */
  next: Price | null;
}

/** The server's list by pattern: models before what stands for several, and `*` at the end. */
export function seriesOf(prices: readonly Price[], now: Date): readonly Series[] {
  const byPattern = new Map<string, Price[]>();
  for (const price of prices) byPattern.set(price.pattern, [...(byPattern.get(price.pattern) ?? []), price]);
  return [...byPattern]
    .map(([pattern, versions]) => toSeries(pattern, versions, now))
    .toSorted((a, b) => compare(sortKey(a.pattern), sortKey(b.pattern)));
}

const sortKey = (pattern: string): string => pattern.replace("*", "\uffff");
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function toSeries(pattern: string, prices: readonly Price[], now: Date): Series {
  // What is in force the server says: its clock may be ahead of this one.
  const inForce = prices.findIndex((price) => price.inForce);
  const begun = inForce >= 0 ? inForce : prices.findIndex((price) => new Date(price.validFrom) <= now);
  const first = begun < 0 ? prices.length : begun;
  const versions = prices.map((price, i): Version => {
    const replaced = i > 0 && prices[i - 1]!.validFrom === price.validFrom;
    return { price, state: i === inForce ? "inForce" : replaced ? "replaced" : i < first ? "planned" : "past" };
  });
  return { pattern, versions, current: prices[inForce] ?? null, next: versions.findLast((v) => v.state === "planned")?.price ?? null };
}

/** Those that have a price, or will have one; the others are over. */
export const isLive = (series: Series): boolean => series.current !== null || series.versions.some((v) => v.state === "planned" && !v.price.ended);

/** Whose calls cost something: models of providers. A route's name has no price, its models have. */
export const pricedModels = (models: readonly Model[]): readonly string[] => models.filter((m) => !m.builtIn && !m.route).map((m) => m.id);

/** The pattern that counts for a model: its own name, else the longest beginning. */
export const patternFor = (model: string, patterns: readonly string[]): string | null =>
  patterns.filter((p) => matchesPattern(p, model)).toSorted((a, b) => rank(b) - rank(a))[0] ?? null;

const rank = (pattern: string): number => (pattern.endsWith("*") ? pattern.length : Infinity);

/** What one may set a price for: each model, each provider, everything. */
export const patternsOf = (models: readonly string[]): readonly string[] =>
  [...models, ...new Set(models.filter((m) => m.includes("/")).map((m) => `${m.slice(0, m.indexOf("/"))}/*`)), "*"];
