import { describe, expect, it } from "vitest";
import { formatMessage, formatNumber } from "./format";
import { intlTag, locales } from "./locale";

const russian = { one: "{count} модель", few: "{count} модели", many: "{count} моделей", other: "{count} модели" };
const arabic = { zero: "لا نماذج", one: "نموذج واحد", two: "نموذجان", few: "{count} نماذج", many: "{count} نموذجًا", other: "{count} نموذج" };

describe("messages", () => {
  it("fill named places and leave unknown ones visible", () => {
    expect(formatMessage("Hello {name}, {what}", "en", { name: "Sofia" })).toBe("Hello Sofia, {what}");
  });

  it.each([[1, "1 модель"], [3, "3 модели"], [11, "11 моделей"], [21, "21 модель"], [1.5, "1,5 модели"]])("choose the Russian form for %s", (count, text) => {
    expect(formatMessage(russian, "ru", { count })).toBe(text);
  });

  it.each([[0, "لا نماذج"], [1, "نموذج واحد"], [2, "نموذجان"], [5, "5 نماذج"], [11, "11 نموذجًا"], [100, "100 نموذج"]])("choose the Arabic form for %s", (count, text) => {
    expect(formatMessage(arabic, "ar", { count })).toBe(text);
  });

  it("fall back to the general form when a form is missing", () => {
    expect(formatMessage({ other: "many" }, "en", { count: 1 })).toBe("many");
  });
});

describe("numbers", () => {
  it("keep Latin digits in Arabic", () => {
    expect(formatNumber(1234, "ar")).toMatch(/^1.?234$/);
  });

  it.each(locales)("below a thousand are what Intl writes in %s", (locale) => {
    const intl = new Intl.NumberFormat(intlTag(locale));
    for (let value = 0; value < 1_000; value++) expect(formatNumber(value, locale)).toBe(intl.format(value));
  });
});
