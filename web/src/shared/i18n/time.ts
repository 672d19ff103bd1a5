import type { useCommon } from "./common";

// In our own words, because the first formatter of Intl holds the page up for 60 ms and more, and the first page shows these two.
// The words are those of CLDR, which the tests hold them to.

type Words = ReturnType<typeof useCommon>;

const units = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]] as const;
/** Some times have a name: yesterday, last week. */
const named = ["ago.day.1", "ago.day.2", "ago.week.1", "ago.month.1", "ago.year.1"] as const;

/** "3 hours ago", "yesterday", in the nearest whole unit; less than a minute, and what a slow clock takes for the future, is "now". */
export function formatAgo(value: string | Date, words: Words, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(value).getTime()) / 1000;
  for (const [unit, size] of units) {
    const count = Math.trunc(seconds / size);
    if (count < 1) continue;
    const name = named.find((key) => key === `ago.${unit}.${count}`);
    return name ? words(name) : words(`ago.${unit}`, { count });
  }
  return words("ago.now");
}

/** "Saturday, November 21". */
export function formatDay(date: Date, words: Words): string {
  const pick = (names: string, index: number): string => names.split("|")[index] ?? "";
  return words("day.full", { weekday: pick(words("day.weekdays"), date.getDay()), month: pick(words("day.months"), date.getMonth()), day: date.getDate() });
}
