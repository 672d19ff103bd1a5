/** In pixels at the scale 1. */
export interface PageSize {
  width: number;
  height: number;
}

export interface PlacedPage extends PageSize {
  top: number;
}

export interface Layout {
  pages: readonly PlacedPage[];
  width: number;
  height: number;
}

/** Between pages, above the first and below the last. */
export const gap = 12;
/** More are not shown: browsers do not scroll further than some 17 million pixels. */
export const mostPages = 5_000;
/** So many canvases live at a time, however small the pages are. */
export const mostDrawn = 6;
/** Of one canvas, 16 MB: a page that is larger is drawn coarser. */
const mostPixels = 4_000_000;
/** A page as thin as a line would let hundreds into view. */
const leastHeight = 48;
/** A sheet of A4 at 96 dots an inch: wider pages are made no larger than this to begin with, as reading long lines is tiring. */
const widestFit = 1_000;

export const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;
/** The step of zoom above or below; the same at the ends. */
export function stepped(zoom: number, by: 1 | -1): number {
  const at = zooms.findIndex((step) => step >= zoom);
  return zooms[Math.min(zooms.length - 1, Math.max(0, (at < 0 ? zooms.length - 1 : at) + by))]!;
}

/** The scale at which the first page is as wide as there is room, times the zoom. */
export const scaleOf = (first: PageSize, room: number, zoom: number): number => (Math.min(widestFit, Math.max(100, room - 2 * gap)) / first.width) * zoom;

/** Pages below each other. */
export function place(sizes: readonly PageSize[], scale: number): Layout {
  let top = gap, width = 0;
  const pages = sizes.map((size) => {
    const page = { top, width: Math.round(size.width * scale), height: Math.max(leastHeight, Math.round(size.height * scale)) };
    top += page.height + gap;
    width = Math.max(width, page.width);
    return page;
  });
  return { pages, width, height: top };
}

/** The page at a height: the last that begins above it. */
export function pageAt(pages: readonly PlacedPage[], y: number): number {
  let low = 0, high = pages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pages[middle]!.top <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The pages to draw: those in view, and one on each side as long as there are not too many. */
export function toDraw(pages: readonly PlacedPage[], top: number, height: number): number[] {
  const first = pageAt(pages, top), last = Math.min(pageAt(pages, top + height), first + mostDrawn - 1);
  const drawn = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  if (drawn.length < mostDrawn && last + 1 < pages.length) drawn.push(last + 1);
  if (drawn.length < mostDrawn && first > 0) drawn.unshift(first - 1);
  return drawn;
}

/** How many dots of the canvas stand for one pixel of the page. */
export function density({ width, height }: PageSize, ofScreen: number): number {
  const pixels = Math.max(1, width) * Math.max(1, height);
  return Math.min(Math.min(2, ofScreen), Math.sqrt(mostPixels / pixels));
}
