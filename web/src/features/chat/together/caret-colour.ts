/** Far enough from each other to be told apart, and from the teal that is one's own selection. How light they are is up to the theme. */
export const hues = [15, 60, 125, 225, 265, 305, 345] as const;

function placeOf(userId: string): number {
  let sum = 0;
  for (const letter of userId) sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0;
  return sum % hues.length;
}

/**
 * The hue of each of the people of a conversation: the same in every window of everybody. It comes of their id; where two would have the same
 * and another is free, the one whose id is the higher takes that.
 */
export function huesOf(userIds: readonly string[]): Map<string, number> {
  const given = new Map<string, number>();
  const free = new Set<number>(hues);
  for (const id of [...userIds].sort()) {
    if (free.size === 0) for (const hue of hues) free.add(hue);
    let at = placeOf(id);
    while (!free.has(hues[at]!)) at = (at + 1) % hues.length;
    free.delete(hues[at]!);
    given.set(id, hues[at]!);
  }
  return given;
}
