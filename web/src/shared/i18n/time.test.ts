import { afterEach, describe, expect, it } from "vitest";
import { commonText } from "./common";
import { intlTag, locales } from "./locale";
import { switchLocale } from "./text";
import { formatAgo, formatDay } from "./time";

afterEach(() => switchLocale("en"));

describe.each(locales)("times in %s", (locale) => {
  const speak = async () => {
    await switchLocale(locale);
    await commonText.load();
    return commonText.t;
  };

  it("name every day of the year as CLDR does", async () => {
    const words = await speak();
    const cldr = new Intl.DateTimeFormat(intlTag(locale), { weekday: "long", day: "numeric", month: "long" });
    for (let day = 1; day <= 366; day++) {
      const date = new Date(2028, 0, day, 12);
      expect(formatDay(date, words)).toBe(cldr.format(date));
    }
  });

  it("say how long ago as CLDR does", async () => {
    const words = await speak();
    const cldr = new Intl.RelativeTimeFormat(intlTag(locale), { numeric: "auto" });
    const now = new Date("2026-11-20T12:00:00Z");
    const limits = [["minute", 60, 60], ["hour", 3_600, 24], ["day", 86_400, 7], ["week", 604_800, 4], ["month", 2_592_000, 12], ["year", 31_536_000, 120]] as const;
    for (const [unit, seconds, limit] of limits) {
      for (let count = 1; count < limit; count++) expect(formatAgo(new Date(now.getTime() - count * seconds * 1000), words, now)).toBe(cldr.format(-count, unit));
    }
    expect(formatAgo("2026-11-20T11:59:40Z", words, now)).toBe(cldr.format(0, "second"));
  });
});

it("a time that a slow clock takes for the future is now", async () => {
  await commonText.load();
  expect(formatAgo("2026-11-20T12:05:00Z", commonText.t, new Date("2026-11-20T12:00:00Z"))).toBe("now");
});
