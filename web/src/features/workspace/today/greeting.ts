export type PartOfDay = "morning" | "afternoon" | "evening" | "night";

/** How one greets at this hour of the person's clock. */
export function partOfDay(hour: number): PartOfDay {
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}

/** A few examples that change from day to day but not from one look to the next. */
export function pick<Item>(items: readonly Item[], count: number, day: number): Item[] {
  if (items.length <= count) return [...items];
  const stride = Math.max(1, Math.floor(items.length / count));
  return Array.from({ length: count }, (_, i) => items[(day + i * stride) % items.length]!).filter((item, i, all) => all.indexOf(item) === i);
}
