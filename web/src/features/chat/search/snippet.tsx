import type { SearchHit } from "@/shared/api/types";

/** Cuts a text at the marked places: every second piece is a marked one. */
export function pieces(text: string, marks: readonly { start: number; length: number }[]): string[] {
  const cut: string[] = [];
  let at = 0;
  for (const { start, length } of marks) {
    if (start < at || length <= 0 || start + length > text.length) continue;
    cut.push(text.slice(at, start), text.slice(start, start + length));
    at = start + length;
  }
  cut.push(text.slice(at));
  return cut;
}

/** The piece of a message that shows why it was found. */
export function Snippet({ hit }: { hit: SearchHit }) {
  return (
    <span dir="auto" className="line-clamp-3 text-sm text-ink-2 [overflow-wrap:anywhere]">
      {pieces(hit.snippet, hit.highlights).map((piece, i) => (i % 2 === 1 ? <mark key={i} className="rounded-sm bg-jean-soft px-0.5 font-medium text-jean-ink">{piece}</mark> : piece))}
    </span>
  );
}
