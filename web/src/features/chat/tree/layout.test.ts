import { expect, test } from "vitest";
import type { TreeSegment } from "@/shared/api/types";
import { layout, neighbour } from "./layout";

const segment = (id: string, parentId: string | null, isShown = false): TreeSegment => ({
  firstId: `${id} first`, lastId: id, parentId, count: 2, role: "user", opening: id, ending: "", modelIds: [], createdAt: "", lastAt: "", isShown,
});

//      a
//    b   c
//        d e f
const tree = [segment("a", null, true), segment("b", "a"), segment("c", "a", true), segment("d", "c"), segment("e", "c", true), segment("f", "c")];

test("Ends stand side by side, and what they hang on above the middle of them", () => {
  const { placed, columns, rows } = layout(tree);
  expect(placed.map((one) => [one.segment.lastId, one.column, one.row])).toEqual([["a", 1, 0], ["b", 0, 1], ["c", 2, 1], ["d", 1, 2], ["e", 2, 2], ["f", 3, 2]]);
  expect([columns, rows]).toEqual([4, 3]);
});

test("No two of one row stand in the same column", () => {
  const wide = [segment("r", null), ...Array.from({ length: 40 }, (_, i) => segment(`k${i}`, "r")), ...Array.from({ length: 40 }, (_, i) => segment(`l${i}`, `k${i % 7}`))];
  const { placed } = layout(wide);
  const places = placed.map((one) => `${one.row} ${one.column}`);
  expect(new Set(places).size).toBe(places.length);
});

test("Several beginnings stand beside each other", () => {
  expect(layout([segment("a", null), segment("b", null)]).placed.map((one) => one.column)).toEqual([0, 1]);
});

test("Arrows lead to what it hangs on, along the shown branch, and to what stands beside it", () => {
  const { placed } = layout(tree);
  const at = (id: string) => placed.find((one) => one.segment.lastId === id)!;
  expect(neighbour(placed, at("c"), "up")).toBe(at("a"));
  expect(neighbour(placed, at("a"), "down")).toBe(at("c"));
  expect(neighbour(placed, at("c"), "down")).toBe(at("e"));
  expect(neighbour(placed, at("c"), "start")).toBe(at("b"));
  expect(neighbour(placed, at("e"), "end")).toBe(at("f"));
  expect(neighbour(placed, at("f"), "end")).toBeNull();
  expect(neighbour(placed, at("b"), "down")).toBeNull();
});
