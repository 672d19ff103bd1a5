import { describe, expect, it } from "vitest";
import { partOfDay, pick } from "./greeting";

describe("Today", () => {
  it.each([[0, "night"], [4, "night"], [5, "morning"], [11, "morning"], [12, "afternoon"], [17, "afternoon"], [18, "evening"], [23, "evening"]])("at %i o'clock it is %s", (hour, part) => {
    expect(partOfDay(hour)).toBe(part);
  });

  it("picks different examples on the next day, never one twice", () => {
    const items = ["a", "b", "c", "d", "e", "f", "g"];
    const today = pick(items, 4, 100), tomorrow = pick(items, 4, 101);
    expect(new Set(today).size).toBe(4);
    expect(tomorrow).not.toEqual(today);
    expect(pick(items, 4, 100)).toEqual(today);
    expect(pick(["a"], 4, 3)).toEqual(["a"]);
  });
});
