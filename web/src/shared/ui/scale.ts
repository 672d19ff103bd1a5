/** The next round number: 1, 2, 2.5 or 5 times a power of ten. A chart whose values are all nothing still has a height. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 2.5, 5, 10]) {
    // The rounding of decimal fractions must not push a round number to the next.
    if (value <= step * power * (1 + 1e-9)) return step * power;
  }
  return 10 * power;
}

/** From the axis up: nothing, half, all. Counts have no halves. */
export function ticksOf(most: number, whole: boolean): number[] {
  const top = whole ? Math.max(1, Math.ceil(roundUp(most))) : roundUp(most);
  return whole && top % 2 === 1 ? [0, top] : [0, top / 2, top];
}

export interface Bar {
  x: number;
  width: number;
  /** Each part of the bar from the axis up, in shares of the height. */
  parts: { from: number; height: number }[];
}

/** Bars in a box of width 1 and height 1, with a gap of a fifth of a bar. Something is never drawn as nothing. */
export function barsOf(stacks: readonly (readonly number[])[], top: number): Bar[] {
  const slot = 1 / Math.max(1, stacks.length);
  return stacks.map((stack, index) => {
    let from = 0;
    const parts = stack.map((value) => {
      const height = value <= 0 ? 0 : Math.max(0.01, value / top);
      const part = { from, height: Math.min(height, 1 - from) };
      from += part.height;
      return part;
    });
    return { x: (index + 0.1) * slot, width: slot * 0.8, parts };
  });
}

/** Points of a line in a box of width 1 and height 1, y from the top; each stands in the middle of its slot. */
export function lineOf(values: readonly number[], top: number): { x: number; y: number }[] {
  const slot = 1 / Math.max(1, values.length);
  return values.map((value, index) => ({ x: (index + 0.5) * slot, y: 1 - Math.min(1, Math.max(0, value / top)) }));
}

/** Which slot a pointer is over; in right-to-left pages time runs the other way. */
export function slotAt(clientX: number, box: { left: number; width: number }, count: number, rtl: boolean): number {
  const share = box.width > 0 ? (clientX - box.left) / box.width : 0;
  return Math.min(count - 1, Math.max(0, Math.floor((rtl ? 1 - share : share) * count)));
}
