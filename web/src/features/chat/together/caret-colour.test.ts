import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hues, huesOf } from "./caret-colour";

type Colour = readonly [lightness: number, chroma: number, hue: number];

/** Relative luminance. Source: Björn Ottosson, "A perceptual color space for image processing" (Oklab to linear sRGB), and WCAG 2.2. */
function luminance([lightness, chroma, hue]: Colour): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const [red, green, blue] = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s]
    .map((each) => Math.min(1, Math.max(0, each))) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: Colour, other: Colour): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const here = import.meta.dirname;
const own = readFileSync(`${here}/carets.css`, "utf8");
const house = readFileSync(`${here}/../../../styles.css`, "utf8");
/** What a name stands for, by day and by night, in one of the hues. */
function themes(css: string, name: string, hue: number): readonly [Colour, Colour] {
  const found = [...css.matchAll(new RegExp(`--${name}: oklch\\(([\\d.]+) ([\\d.]+) ([\\w.()-]+?)\\)[;\\s]`, "g"))];
  expect(found.length, name).toBe(2);
  return found.map(([, lightness, chroma, given]) => [Number(lightness), Number(chroma), given!.startsWith("var") ? hue : Number(given)] as const) as [Colour, Colour];
}

test("the contrast of black on white is known", () => expect(contrast([0, 0, 0], [1, 0, 0])).toBeCloseTo(21, 1));

test.each(hues)("in hue %i a bar is seen on its paper and a name is read on its flag, by day and by night", (hue) => {
  const [bars, papers, words] = [themes(own, "caret", hue), themes(house, "surface-1", hue), themes(own, "on-caret", hue)];
  for (const theme of [0, 1] as const) {
    expect(contrast(bars[theme], papers[theme])).toBeGreaterThanOrEqual(3);
    expect(contrast(bars[theme], words[theme])).toBeGreaterThanOrEqual(4.5);
  }
});

const ids = Array.from({ length: 20 }, (_, i) => `019cebae-5b1d-7c40-9a51-3f6f0d2b7e${i + 10}`);

test("up to seven people have seven colours, the same for everybody, whoever is named first", () => {
  for (let from = 0; from < ids.length - hues.length; from++) {
    const some = ids.slice(from, from + hues.length);
    const given = huesOf(some);
    expect(new Set(given.values()).size).toBe(hues.length);
    expect(huesOf([...some].reverse())).toEqual(given);
  }
});

test("whoever is alone in a conversation with one other keeps the colour of their id, unless it is that one's", () => {
  const alone = (id: string) => huesOf([id]).get(id)!;
  const [first, ...others] = ids;
  for (const other of others) {
    const pair = huesOf([first!, other]);
    expect(pair.get(first!)).toBe(alone(first!));
    if (alone(other) !== alone(first!)) expect(pair.get(other)).toBe(alone(other));
  }
});

test("more than seven share them evenly", () => {
  const counts = new Map<number, number>();
  for (const hue of huesOf(ids.slice(0, 14)).values()) counts.set(hue, (counts.get(hue) ?? 0) + 1);
  expect([...counts.values()]).toEqual(hues.map(() => 2));
});
