import { afterEach, beforeEach, expect, test, vi } from "vitest";

const presence = vi.hoisted(() => ({ place: null as { draft: string; caret: () => unknown } | null, moves: 0 }));
vi.mock("./presence", () => ({
  moved: () => { presence.moves++; },
  standIn: (place: NonNullable<typeof presence.place>) => {
    presence.place = place;
    return () => { presence.place = null; };
  },
}));
const { watchPlace } = await import("./own-place");

const box = document.createElement("textarea");
let stop: () => void;
beforeEach(() => {
  document.body.replaceChildren(box);
  box.value = "Where is it?";
  stop = watchPlace(box, "d", (text, anchor, head) => ({ anchor: `${text} ${anchor}`, head: `${text} ${head}` }));
});
afterEach(() => {
  stop();
  box.blur();
});
const caret = () => presence.place?.caret();

test("one is in the box from when it has the focus until it has not, with both ends of what is selected", () => {
  expect(presence.place).toBeNull();
  box.focus();
  box.setSelectionRange(2, 5);
  expect(presence.place?.draft).toBe("d");
  expect(caret()).toEqual({ anchor: "Where is it? 2", head: "Where is it? 5" });
  box.setSelectionRange(2, 5, "backward");
  expect(caret()).toEqual({ anchor: "Where is it? 5", head: "Where is it? 2" });
  box.blur();
  expect(presence.place).toBeNull();
});

test("a box that has the focus already counts, and one that is called off does not", () => {
  stop();
  box.focus();
  stop = watchPlace(box, "d", () => null);
  expect(presence.place).not.toBeNull();
  stop();
  expect(presence.place).toBeNull();
});

test("while letters are put together one stays where one was", async () => {
  vi.useFakeTimers();
  box.focus();
  box.setSelectionRange(3, 3);
  const before = caret();
  box.dispatchEvent(new Event("compositionstart"));
  box.value = "Wheê";
  box.setSelectionRange(4, 4);
  const moves = presence.moves;
  document.dispatchEvent(new Event("selectionchange"));
  expect(caret()).toEqual(before);
  expect(presence.moves).toBe(moves);
  box.dispatchEvent(new Event("compositionend"));
  await vi.advanceTimersByTimeAsync(10);
  expect(presence.moves).toBeGreaterThan(moves);
  expect(caret()).toEqual({ anchor: "Wheê 4", head: "Wheê 4" });
  vi.useRealTimers();
});

test("a selection elsewhere on the page is nobody's business", () => {
  const moves = presence.moves;
  document.dispatchEvent(new Event("selectionchange"));
  expect(presence.moves).toBe(moves);
});
