import "./highlight.css";
import type { Mark } from "@/shared/api/types";
import { alignWords, stretchOf } from "./align";
import { isColour } from "./queries";

/** The browser's own highlights: they colour ranges without touching the page, which a message's words go on changing. */
function registry(name: string): Highlight | null {
  if (!("highlights" in CSS)) return null;
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}

/** Colours what is highlighted in a message, and underlines what a note is about; until the answer is called. */
export function showHighlights(root: HTMLElement, text: string, ranged: readonly Mark[]): () => void {
  let shown: { highlight: Highlight; range: Range }[] = [];
  const clear = (): void => {
    for (const { highlight, range } of shown) highlight.delete(range);
    shown = [];
  };
  const draw = (): void => {
    clear();
    const words = alignWords(root, text);
    for (const mark of ranged) {
      const stretch = stretchOf(words, mark.start!, mark.end!);
      const highlight = registry(mark.kind === "highlight" && isColour(mark.value) ? `mark-${mark.value}` : "mark-note");
      if (!stretch || !highlight) continue;
      const range = document.createRange();
      range.setStart(stretch.start.node, stretch.start.offset);
      range.setEnd(stretch.end.node, stretch.end.offset);
      highlight.add(range);
      shown.push({ highlight, range });
    }
  };
  draw();
  // Code is coloured and formulas are set after the message is there.
  const changes = new MutationObserver(draw);
  changes.observe(root, { childList: true, subtree: true, characterData: true });
  return () => {
    changes.disconnect();
    clear();
  };
}
