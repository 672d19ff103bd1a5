/** A stretch of the page: from a place in one text node to a place in the same or a later one. */
export interface Stretch {
  start: { node: Text; offset: number };
  end: { node: Text; offset: number };
}

interface Word {
  node: Text;
  /** In the node. */
  from: number;
  /** In the message's source. */
  at: number;
  length: number;
}

/** Markup between two words that is longer than this is not looked beyond. */
const farthest = 4_000;

/**
 * Where each shown word stands in the source of a message. What Markdown shows is what was written without the signs, in order; so each word
 * is looked for behind the one before it. One that is not found (a formula, an entity) is passed over.
 */
export function alignWords(root: Node, source: string): Word[] {
  const words: Word[] = [];
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let from = 0;
  for (let node = nodes.nextNode() as Text | null; node; node = nodes.nextNode() as Text | null) {
    for (const match of node.data.matchAll(/\S+/gu)) {
      const at = source.indexOf(match[0], from);
      if (at < 0 || at - from > farthest) continue;
      words.push({ node, from: match.index, at, length: match[0].length });
      from = at + match[0].length;
    }
  }
  return words;
}

/** The stretch of the page that shows a range of the source; null where none of it is shown. */
export function stretchOf(words: readonly Word[], start: number, end: number): Stretch | null {
  const inside = words.filter((word) => word.at < end && word.at + word.length > start);
  const first = inside[0], last = inside.at(-1);
  if (!first || !last) return null;
  return {
    start: { node: first.node, offset: first.from + Math.max(0, start - first.at) },
    end: { node: last.node, offset: last.from + Math.min(last.length, end - last.at) },
  };
}

/** The range of the source that a selection shows; null where nothing of it was found there. */
export function rangeOf(words: readonly Word[], selection: AbstractRange): { start: number; end: number } | null {
  const chosen = words.flatMap((word) => {
    const range = document.createRange();
    range.setStart(word.node, word.from);
    range.setEnd(word.node, word.from + word.length);
    if (comparePoints(selection.endContainer, selection.endOffset, word.node, word.from) <= 0) return [];
    if (comparePoints(selection.startContainer, selection.startOffset, word.node, word.from + word.length) >= 0) return [];
    const from = selection.startContainer === word.node ? Math.max(0, selection.startOffset - word.from) : 0;
    const to = selection.endContainer === word.node ? Math.min(word.length, selection.endOffset - word.from) : word.length;
    return from < to ? [{ start: word.at + from, end: word.at + to }] : [];
  });
  const first = chosen[0], last = chosen.at(-1);
  return first && last ? { start: first.start, end: last.end } : null;
}

function comparePoints(a: Node, aOffset: number, b: Node, bOffset: number): number {
  const one = document.createRange(), other = document.createRange();
  one.setStart(a, aOffset);
  other.setStart(b, bOffset);
  return one.compareBoundaryPoints(Range.START_TO_START, other);
}
