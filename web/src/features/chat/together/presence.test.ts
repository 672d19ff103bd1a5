import { expect, test } from "vitest";
import { byPerson, taken } from "./presence";

const said = (userId: string, windowId: string, state: "here" | "typing" | "away" | "gone") => ({ userId, windowId, state, draft: null, ask: false });

test("of several windows of a person the busiest counts", () => {
  let windows = taken({}, said("mia", "1", "away"), 0);
  windows = taken(windows, said("mia", "2", "typing"), 10);
  windows = taken(windows, said("mia", "3", "here"), 20);
  windows = taken(windows, said("bruno", "4", "away"), 30);
  expect([...byPerson(windows)]).toEqual([["mia", "typing"], ["bruno", "away"]]);
});

test("a window that left or was not heard of for a minute is gone", () => {
  let windows = taken({}, said("mia", "1", "here"), 0);
  windows = taken(windows, said("bruno", "2", "here"), 60_000);
  windows = taken(windows, said("olga", "3", "here"), 70_000);
  expect(Object.keys(windows)).toEqual(["2", "3"]);
  expect(Object.keys(taken(windows, said("olga", "3", "gone"), 71_000))).toEqual(["2"]);
});
