import { expect, it } from "vitest";
import { periodOf } from "./groups";

const now = new Date(2026, 2, 10, 15, 0);
const at = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString();

it("puts conversations into the person's own days", () => {
  expect(periodOf(at(10, 0), now)).toBe("today");
  expect(periodOf(at(9, 23), now)).toBe("yesterday");
  expect(periodOf(at(9, 0), now)).toBe("yesterday");
  expect(periodOf(at(8, 23), now)).toBe("week");
  expect(periodOf(at(4, 0), now)).toBe("week");
  expect(periodOf(at(1, 0), now)).toBe("older");
});
