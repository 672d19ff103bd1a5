import type { MessagePart } from "@/shared/api/types";

export type Segment = { part: MessagePart } | { at: number; text: string; last: boolean };

/** An answer as it is read: stretches of text, and between them the parts, each where it was said. */
export function segmentsOf(text: string, parts: readonly MessagePart[]): Segment[] {
  if (parts.length === 0) return text ? [{ at: 0, text, last: true }] : [];
  const segments: Segment[] = [];
  let from = 0;
  for (const part of [...parts].sort((a, b) => a.at - b.at || a.ordinal - b.ordinal)) {
    // A part may arrive before the text it stands behind.
    const at = Math.min(part.at, text.length);
    if (text.slice(from, at).trim()) segments.push({ at: from, text: text.slice(from, at), last: false });
    from = Math.max(from, at);
    segments.push({ part });
  }
  if (text.slice(from).trim()) segments.push({ at: from, text: text.slice(from), last: true });
  return segments;
}
