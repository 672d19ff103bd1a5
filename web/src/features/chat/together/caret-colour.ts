/** Far enough from each other to be told apart, and from the teal that is one's own selection. How light they are is up to the theme. */
export const hues = [15, 60, 125, 225, 265, 305, 345] as const;

/** The same person has the same colour in every window of everybody. */
export function hueOf(userId: string): number {
  let sum = 0;
  for (const letter of userId) sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0;
  return hues[sum % hues.length]!;
}
