import { expect, test } from "vitest";
import { changedSpan, movedBy } from "./changed-span";

const apply = (text: string, { at, removed, added }: NonNullable<ReturnType<typeof changedSpan>>): string => text.slice(0, at) + added + text.slice(at + removed);

test.each([
  ["", "Hello"], ["Hello", ""], ["Hello", "Hallo"], ["aaa", "aa"], ["aa", "aaa"], ["ab", "ba"], ["one two", "one and two"],
  ["😀", "😁"], ["a😀b", "a😁b"], ["😀😀", "😀"], ["مرحبا", "مرحباً"], ["tiếng", "tiếng Việt"],
])("what changed from %j to %j, put in its place, makes the other", (before, after) => {
  const span = changedSpan(before, after)!;
  expect(apply(before, span)).toBe(after);
  for (const cut of [span.at, span.at + span.removed]) expect((before.charCodeAt(cut) & 0xfc00) === 0xdc00, "no half characters").toBe(false);
  expect((span.added.charCodeAt(0) & 0xfc00) === 0xdc00).toBe(false);
});

test("random texts of few letters, half pairs among them", () => {
  const letters = ["a", "b", "😀", "😁", "ö"];
  let seed = 7;
  const next = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  const text = (): string => Array.from({ length: next(8) }, () => letters[next(letters.length)]!).join("");
  for (let i = 0; i < 3000; i++) {
    const [before, after] = [text(), text()];
    const span = changedSpan(before, after);
    expect(span ? apply(before, span) : before).toBe(after);
  }
});

test("the same text has no change", () => expect(changedSpan("same", "same")).toBeNull());

test("a caret stays in its words", () => {
  const span = { at: 4, removed: 3, added: "12345" };
  expect([0, 4, 5, 7, 9].map((place) => movedBy(place, span))).toEqual([0, 4, 9, 9, 11]);
});
