import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CaretMirror, chosen, joined, runsFromRight } from "./caret-mirror";

test.each([
  ["abc", 1, false], ["", 0, false], ["123 مرحبا", 2, true], ["مرحبا abc", 8, true], ["abc مرحبا", 8, false],
  ["abc\nمرحبا", 3, false], ["abc\nمرحبا", 4, true], ["مرحبا\n", 6, false], ["(«שלום", 0, true], ["\u200f12", 3, true], ["Привет مرحبا", 9, false],
])("the paragraph of %j around %i runs from the right: %s", (text, at, expected) => expect(runsFromRight(text, at)).toBe(expected));

const rect = (left: number, width: number, top = 0): DOMRect => DOMRect.fromRect({ x: left, y: top, width, height: 19 });

test("where letters of two directions meet a caret stands at the one of the paragraph's direction", () => {
  // As Chromium sets "abc مرحبا def" and "مرحبا abc عالم": its own caret stands there.
  const [before, arabic, after] = [rect(28, 5), rect(62, 8), rect(33, 4)];
  expect(chosen([rect(33, 0), rect(70, 0)], before, arabic, false)?.left).toBe(33);
  expect(chosen([rect(33, 0), rect(70, 0)], after, rect(70, 5), false)?.left).toBe(70);
  expect(chosen([rect(149, 0), rect(177, 0)], rect(177, 5), rect(149, 10), true)?.left).toBe(177);
  expect(chosen([rect(149, 0), rect(177, 0)], rect(169, 8), rect(144, 5), true)?.left).toBe(149);
});

test("where a line wraps a caret stands at the beginning of the next one", () => {
  expect(chosen([rect(217, 0, 12), rect(0, 0, 36)], rect(212, 5, 12), rect(0, 10, 36), false)).toMatchObject({ left: 0, top: 36 });
});

test("nothing to choose from is no place", () => expect(chosen([], undefined, undefined, false)).toBeUndefined());

test("what touches on a line is one stretch, in either direction, and lines stay lines", () => {
  const piece = (left: number, top: number, width: number) => ({ left, top, width, height: 19 });
  expect(joined([piece(10, 0, 20), piece(30, 0, 4), piece(0, 24, 15)])).toEqual([piece(10, 0, 24), piece(0, 24, 15)]);
  expect(joined([piece(30, 0, 4), piece(10, 0, 20)]), "from the right").toEqual([piece(10, 0, 24)]);
  expect(joined([piece(10, 0, 20), piece(10, 0, 20)]), "told twice").toEqual([piece(10, 0, 20)]);
  expect(joined([piece(10, 0, 20), piece(90, 0, 20)]), "with other letters between").toEqual([piece(10, 0, 20), piece(90, 0, 20)]);
  expect(joined([piece(10, 0, 20), piece(60, 0, 0), piece(0, 24, 0)]), "the end of a line is nothing, an empty line is").toEqual([piece(10, 0, 20), piece(0, 24, 5)]);
});

// What jsdom does not have: letters of 10 by 20, eight of them on a line.
const original = Object.getOwnPropertyDescriptor(Range.prototype, "getClientRects");
beforeEach(() => {
  Object.defineProperty(Range.prototype, "getClientRects", {
    configurable: true,
    value(this: Range) {
      const count = this.endOffset - this.startOffset;
      return Array.from({ length: Math.max(1, count) }, (_, i) => rect(100 + ((this.startOffset + i) % 8) * 10, count ? 10 : 0, 50 + Math.floor((this.startOffset + i) / 8) * 24));
    },
  });
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(rect(100, 80, 50));
});
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
  if (original) Object.defineProperty(Range.prototype, "getClientRects", original);
  else Reflect.deleteProperty(Range.prototype, "getClientRects");
});

function mirrored(text: string) {
  const box = document.createElement("textarea");
  box.value = text;
  box.style.cssText = "font-size: 17px; line-height: 24px; padding-top: 6px; direction: rtl; letter-spacing: 1px";
  const mirror = new CaretMirror(box);
  document.body.append(box, mirror.element);
  mirror.follow();
  return { box, mirror };
}

test("places are told from the corner of the box, a selection as high as its lines", () => {
  const { mirror } = mirrored("Where is the lighthouse?");
  expect(mirror.caret(10)).toEqual({ left: 20, top: 24, width: 0, height: 19 });
  expect(mirror.selection(6, 10)).toEqual([{ left: 60, top: -2.5, width: 20, height: 24 }, { left: 0, top: 21.5, width: 20, height: 24 }]);
  expect(mirror.caret(24), "at the end").not.toBeNull();
  expect(mirror.caret(25), "beyond it").toBeNull();
});

test("its text is the box's, set in the same way", () => {
  const { box, mirror } = mirrored("Where");
  expect(mirror.element.textContent).toBe("Where\u200b");
  for (const [name, value] of [["font-size", "17px"], ["padding-top", "6px"], ["direction", "rtl"], ["letter-spacing", "1px"]] as const) expect(mirror.element.style.getPropertyValue(name), name).toBe(value);
  box.value = "Where\n";
  box.style.fontSize = "20px";
  mirror.follow();
  expect(mirror.element.textContent).toBe("Where\n\u200b");
  expect(mirror.element.style.fontSize).toBe("20px");
});
