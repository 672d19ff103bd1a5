/** A stretch of one line, from the upper left corner of the text box inside its border. */
export interface Stretch {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** All that decides where the letters of a text box stand. */
const setting = [
  "direction", "unicode-bidi", "text-align", "text-indent", "text-transform", "white-space", "overflow-wrap", "word-break", "line-break", "hyphens", "tab-size",
  "font-family", "font-size", "font-style", "font-variant", "font-weight", "font-stretch", "font-feature-settings", "font-kerning", "font-optical-sizing", "text-rendering",
  "letter-spacing", "word-spacing", "line-height", "padding-top", "padding-right", "padding-bottom", "padding-left",
];
/** After the text: without it a line that was just begun has no height. Nothing is seen of it, and nothing moves by it. */
const nothing = "\u200b";
const strong = /[\p{L}\u200e\u200f]/u;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u200f]/u;

/** Whether the paragraph around a place runs from the right: its first letter says so. */
export function runsFromRight(text: string, at: number): boolean {
  const begin = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const first = strong.exec(text.slice(begin, end < 0 ? undefined : end));
  return first !== null && rightToLeft.test(first[0]);
}

const same = (a: number, b: number): boolean => Math.abs(a - b) < 0.5;

/**
 * Where letters of two directions meet, and where a line wraps, a caret has two places. It stands where browsers put their own: at the letter
 * of the paragraph's direction, and at the beginning of the new line.
 */
export function chosen<Rect extends { left: number; top: number }>(places: readonly Rect[], before: DOMRect | undefined, after: DOMRect | undefined, fromRight: boolean): Rect | undefined {
  const meets = (rect: DOMRect | undefined, side: "left" | "right") => rect && places.find((place) => same(place.left, rect[side]) && same(place.top, rect.top));
  return meets(after, fromRight ? "right" : "left") ?? meets(before, fromRight ? "left" : "right") ?? places.at(-1);
}

const emptyWidth = 5;

/** What touches on a line is one, and an empty line shows a little of itself. */
export function joined(pieces: readonly Stretch[]): Stretch[] {
  const lines: Stretch[] = [];
  for (const { left, top, width, height } of [...pieces].sort((a, b) => a.top - b.top || a.left - b.left)) {
    const last = lines.at(-1);
    if (last && same(last.top, top) && left <= last.left + last.width + 0.5) last.width = Math.max(last.width, left + width - last.left);
    else lines.push({ left, top, width, height });
  }
  return lines.filter(({ top, width }) => width > 0 || !lines.some((other) => other.width > 0 && same(other.top, top))).map((line) => ({ ...line, width: line.width || emptyWidth }));
}

/** The text of a box, set a second time where the browser tells the places of its letters. Unseen, and it has to stand beside the box in a layer of its own. */
export class CaretMirror {
  readonly element = document.createElement("div");
  readonly #box: HTMLTextAreaElement;
  readonly #text = document.createTextNode(nothing);
  #origin = new DOMRect();

  constructor(box: HTMLTextAreaElement) {
    this.#box = box;
    this.element.className = "caret-mirror";
    this.element.append(this.#text);
  }

  /** Sets the text as the box has it now. */
  follow(): void {
    const style = getComputedStyle(this.#box);
    for (const name of setting) this.element.style.setProperty(name, style.getPropertyValue(name));
    this.element.style.width = `${this.#box.clientWidth}px`;
    const text = this.#box.value + nothing;
    if (this.#text.data !== text) this.#text.data = text;
    this.#origin = this.element.getBoundingClientRect();
  }

  /** Where a caret stands. Null when the text does not reach so far. */
  caret(at: number): Stretch | null {
    if (at > this.#box.value.length) return null;
    const after = this.#rects(at, at + 1)[0];
    const before = at > 0 ? this.#rects(at - 1, at).at(-1) : undefined;
    const fromRight = this.element.style.unicodeBidi === "plaintext" ? runsFromRight(this.#box.value, at) : this.element.style.direction === "rtl";
    // On an empty line only what ends it has a place.
    const place = chosen(this.#rects(at, at), before, after, fromRight) ?? after;
    return place ? this.#stretch(place, 0) : null;
  }

  /** What a selection covers, line by line. */
  selection(from: number, to: number): Stretch[] {
    const lineHeight = parseFloat(this.element.style.lineHeight);
    return joined(this.#rects(from, Math.min(to, this.#box.value.length)).map((rect) => this.#stretch(rect, rect.width))).map((line) => {
      const more = Math.max(0, lineHeight - line.height) || 0;
      return { ...line, top: line.top - more / 2, height: line.height + more };
    });
  }

  #rects(from: number, to: number): DOMRect[] {
    const range = document.createRange();
    range.setStart(this.#text, from);
    range.setEnd(this.#text, to);
    return [...range.getClientRects()];
  }

  #stretch({ left, top, height }: DOMRect, width: number): Stretch {
    return { left: left - this.#origin.left, top: top - this.#origin.top, width, height };
  }
}
