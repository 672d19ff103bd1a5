import { describe, expect, it } from "vitest";
import { formatAgo, formatMessage, formatNumber } from "./format";

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

describe("numbers and times", () => {
  it("keep Latin digits in Arabic", () => {
    expect(formatNumber(1234, "ar")).toMatch(/^1.?234$/);
  });

  it("say how long ago in the nearest whole unit", () => {
    const now = new Date("2026-11-20T12:00:00Z");
    expect(formatAgo("2026-11-20T09:00:00Z", "en", now)).toBe("3 hours ago");
    expect(formatAgo("2026-11-19T11:00:00Z", "en", now)).toBe("yesterday");
    expect(formatAgo("2026-11-20T11:59:40Z", "en", now)).toBe("now");
  });
});
