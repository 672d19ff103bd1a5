import type { TreeSegment } from "@/shared/api/types";

/** Where a segment stands: columns count from the start side, rows from the top; both may lie between two. */
export interface Placed {
  segment: TreeSegment;
  column: number;
  row: number;
  parent: Placed | null;
  children: Placed[];
}

/** Ends stand side by side in the order they were begun, what they hang on above the middle of them. */
export function layout(segments: readonly TreeSegment[]): { placed: Placed[]; columns: number; rows: number } {
  const byLast = new Map<string, Placed>();
  const placed: Placed[] = [];
  // The server tells each segment after the one it follows.
  for (const segment of segments) {
    const parent = (segment.parentId && byLast.get(segment.parentId)) || null;
    const one: Placed = { segment, column: 0, row: parent ? parent.row + 1 : 0, parent, children: [] };
    parent?.children.push(one);
    byLast.set(segment.lastId, one);
    placed.push(one);
  }
  let columns = 0;
  for (const one of placed) if (one.children.length === 0) one.column = columns++;
  for (const one of placed.toReversed()) if (one.children.length > 0) one.column = (one.children[0]!.column + one.children.at(-1)!.column) / 2;
  return { placed, columns, rows: placed.reduce((most, one) => Math.max(most, one.row + 1), 0) };
}

export type Way = "up" | "down" | "start" | "end";

/** Where an arrow key leads; `start` and `end` are the sides of the reading direction. */
export function neighbour(placed: readonly Placed[], from: Placed, way: Way): Placed | null {
  if (way === "up") return from.parent;
  if (way === "down") return from.children.find((child) => child.segment.isShown) ?? from.children[0] ?? null;
  const level = placed.filter((one) => one.row === from.row).toSorted((a, b) => a.column - b.column);
  return level[level.indexOf(from) + (way === "start" ? -1 : 1)] ?? null;
}
