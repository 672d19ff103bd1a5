/** What has to be replaced in a text to make another of it: one span, as short as it can be, that never cuts a character in two. */
export interface ChangedSpan {
  at: number;
  removed: number;
  added: string;
}

const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

/** UTF-16 offsets, as in text boxes and Yjs. Null when nothing changed. */
export function changedSpan(before: string, after: string): ChangedSpan | null {
  if (before === after) return null;
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && (isLow(before, start) || isLow(after, start))) start--;
  let tail = 0;
  while (tail < shortest - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  if (tail > 0 && (isLow(before, before.length - tail) || isLow(after, after.length - tail))) tail--;
  return { at: start, removed: before.length - tail - start, added: after.slice(start, after.length - tail) };
}

/** Where a place in the text is after the span was replaced. */
export const movedBy = (place: number, { at, removed, added }: ChangedSpan): number =>
  place <= at ? place : place >= at + removed ? place + added.length - removed : at + added.length;
