import { describe, expect, it } from "vitest";
import { density, mostDrawn, pageAt, place, scaleOf, stepped, toDraw, zooms } from "./layout";

const sheets = (count: number, height = 800) => Array.from({ length: count }, () => ({ width: 600, height }));

describe("the layout of a PDF file", () => {
  it("finds the page at any height", () => {
    const { pages, height } = place([...sheets(2), { width: 900, height: 300 }, ...sheets(2)], 0.5);
    expect(pageAt(pages, -10)).toBe(0);
    for (const [i, page] of pages.entries()) {
      expect(pageAt(pages, page.top)).toBe(i);
      expect(pageAt(pages, page.top + page.height - 1)).toBe(i);
    }
    expect(pageAt(pages, height * 2)).toBe(4);
  });

  it("draws what is in view and its neighbours", () => {
    const { pages } = place(sheets(50), 1);
    expect(toDraw(pages, 0, 700)).toEqual([0, 1]);
    expect(toDraw(pages, pages[20]!.top + 10, 700)).toEqual([19, 20, 21]);
    expect(toDraw(pages, pages[49]!.top + 10, 700)).toEqual([48, 49]);
  });

  it("never keeps more than a few canvases, however thin the pages are", () => {
    const { pages } = place(sheets(5_000, 1), 1);
    for (let y = 0; y < 200_000; y += 777) expect(toDraw(pages, y, 4_000).length).toBeLessThanOrEqual(mostDrawn);
  });

  it("draws large pages coarser than small ones, and none beyond the limit", () => {
    expect(density({ width: 600, height: 800 }, 2)).toBe(2);
    expect(density({ width: 600, height: 800 }, 5)).toBe(2);
    const large = { width: 14_400, height: 14_400 };
    expect(large.width * large.height * density(large, 2) ** 2).toBeLessThanOrEqual(4_000_001);
  });

  it("fits the first page into a phone, and keeps lines readable on a wide screen", () => {
    expect(600 * scaleOf({ width: 600, height: 800 }, 390, 1)).toBeLessThanOrEqual(390);
    expect(600 * scaleOf({ width: 600, height: 800 }, 3_000, 1)).toBe(1_000);
  });

  it("steps through the zooms and stops at the ends", () => {
    expect(stepped(1, 1)).toBe(1.25);
    expect(stepped(1, -1)).toBe(0.75);
    expect(stepped(zooms[0], -1)).toBe(zooms[0]);
    expect(stepped(3, 1)).toBe(3);
  });
});
