/** Where the focus was last in each region; it goes back there. */
const last = new WeakMap<Element, HTMLElement>();

const focusable = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]:not([tabindex='-1'])";
const isShown = (element: Element): boolean => element.checkVisibility();

/** The regions that are on screen, in reading order. One that is divided further gives way to its parts. */
function regions(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(isShown);
  return all.filter((region) => !all.some((inner) => inner !== region && region.contains(inner)));
}

/** Moves the focus to the next (1) or the previous (-1) region of the shell, round and round. Nothing moves behind a dialog. */
export function cycleRegions(step: 1 | -1): void {
  if (document.querySelector("dialog[open]")) return;
  const all = regions();
  const active = document.activeElement;
  const here = all.findIndex((region) => region.contains(active));
  if (here >= 0 && active instanceof HTMLElement) last.set(all[here]!, active);
  const next = all[here < 0 ? (step === 1 ? 0 : all.length - 1) : (here + step + all.length) % all.length];
  if (next) enter(next);
}

function enter(region: HTMLElement): void {
  const before = last.get(region);
  const inside = (selector: string): HTMLElement | undefined => [...region.querySelectorAll<HTMLElement>(selector)].find(isShown);
  const target = before && region.contains(before) && isShown(before)
    ? before
    : inside("[data-region-start]") ?? inside("[aria-current]") ?? inside(focusable);
  (target ?? region).focus();
}
