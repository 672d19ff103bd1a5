import "./carets.css";
import { huesOf } from "./caret-colour";
import { CaretMirror } from "./caret-mirror";
import { usePresence, type Caret } from "./presence";

/** How long the name stays at a caret that moved. */
const namedMs = 3_000;
const barWidth = 2;
/** A name is cut off beyond it. */
const widestFlag = 176;

export interface CaretsOptions {
  box: HTMLTextAreaElement;
  /** An empty element in front of the box, at home in the same parent. */
  layer: HTMLElement;
  draft: string;
  /** The offsets of the two ends in the text that the box shows; null when it does not hold them yet. */
  find: (caret: Caret) => readonly [anchor: number, head: number] | null;
  /** Who is in the conversation, by their ids. Nobody else has a caret. */
  names: () => Readonly<Record<string, string>>;
  you: () => string | null;
}

interface Shown {
  bar: HTMLElement;
  flag: HTMLElement;
  bands: HTMLElement[];
  caret: Caret;
  namedUntil: number;
}

/** Where a name is written. */
interface Name {
  from: number;
  to: number;
  top: number;
}

const part = (name: string, hue: number): HTMLElement => {
  const element = document.createElement("div");
  element.className = `caret-${name}`;
  element.style.setProperty("--caret-hue", String(hue));
  return element;
};

const put = (element: HTMLElement, at: Record<string, number>): void => {
  for (const [name, value] of Object.entries(at)) element.style.setProperty(name, `${value}px`);
};

/** Draws where the others are over a text box, for as long as they are there. Costs nothing while nobody is. */
export class Carets {
  readonly #options: CaretsOptions;
  readonly #view = document.createElement("div");
  readonly #text = document.createElement("div");
  readonly #mirror: CaretMirror;
  readonly #shown = new Map<string, Shown>();
  readonly #resized = new ResizeObserver(() => this.draw());
  readonly #stop: () => void;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CaretsOptions) {
    this.#options = options;
    this.#mirror = new CaretMirror(options.box);
    this.#view.className = "caret-view";
    this.#text.className = "caret-text";
    this.#text.append(this.#mirror.element);
    this.#view.append(this.#text);
    this.#stop = usePresence.subscribe(this.draw);
    options.box.addEventListener("scroll", this.draw, { passive: true });
    document.fonts.addEventListener("loadingdone", this.draw);
    this.draw();
  }

  /** Call it when the text has changed. All that happens in a frame is drawn once. */
  readonly draw = (): void => {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  };

  dispose(): void {
    this.#stop();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#resized.disconnect();
    this.#options.box.removeEventListener("scroll", this.draw);
    document.fonts.removeEventListener("loadingdone", this.draw);
    this.#options.layer.replaceChildren();
  }

  #draw(): void {
    clearTimeout(this.#timer);
    const { box, layer, draft, find, names, you } = this.#options;
    const others = Object.entries(usePresence.getState().windows).flatMap(([windowId, { userId, state, draft: where, caret }]) => {
      const name = names()[userId];
      const ends = caret && where === draft && userId !== you() && name !== undefined ? find(caret) : null;
      return ends ? [{ windowId, userId, state, name: name!, caret: caret!, ends }] : [];
    });
    for (const [windowId, shown] of this.#shown) if (!others.some((each) => each.windowId === windowId)) this.#remove(windowId, shown);
    if (others.length === 0) {
      this.#resized.disconnect();
      layer.replaceChildren();
      return;
    }
    if (!this.#view.isConnected) {
      layer.append(this.#view);
      this.#resized.observe(box);
    }
    put(layer, { left: box.offsetLeft + box.clientLeft, top: box.offsetTop + box.clientTop, width: box.clientWidth, height: box.clientHeight });
    this.#text.style.transform = `translateY(${-box.scrollTop}px)`;
    this.#mirror.follow();

    const colours = huesOf(Object.keys(names()));
    const now = Date.now();
    const named: Name[] = [];
    let next = Infinity;
    for (const { windowId, userId, state, name, caret, ends: [anchor, head] } of others) {
      const hue = colours.get(userId)!;
      const shown = this.#shown.get(windowId) ?? this.#add(windowId, hue, caret, now);
      if (shown.caret.anchor !== caret.anchor || shown.caret.head !== caret.head) shown.namedUntil = now + namedMs;
      shown.caret = caret;
      if (shown.namedUntil > now) next = Math.min(next, shown.namedUntil);
      this.#band(shown, hue, Math.min(anchor, head), Math.max(anchor, head));
      const at = this.#mirror.caret(head);
      const top = (at?.top ?? 0) - box.scrollTop;
      const inView = at !== null && top + at.height > 0 && top < box.clientHeight;
      shown.bar.hidden = !inView;
      const isNamed = inView && (state === "typing" || shown.namedUntil > now);
      shown.flag.classList.toggle("shown", isNamed);
      if (!inView) continue;
      const left = Math.max(0, Math.min(at.left - barWidth / 2, box.clientWidth - barWidth));
      put(shown.bar, { left, top: at.top, height: at.height });
      if (isNamed) named.push(this.#name(shown.flag, name, left, top, at.height, named));
    }
    if (next < Infinity) this.#timer = setTimeout(this.draw, next - now);
  }

  /** On the line, in the direction one reads; to the other side where there is no room, and under the line where somebody else's name is. */
  #name(flag: HTMLElement, name: string, left: number, top: number, height: number, others: readonly Name[]): Name {
    if (flag.textContent !== name) flag.textContent = name;
    const room = this.#options.box.clientWidth;
    put(flag, { "max-width": Math.min(widestFlag, room) });
    const width = flag.offsetWidth;
    const fromRight = getComputedStyle(this.#options.layer).direction === "rtl";
    const back = fromRight ? left + barWidth >= width : left + width > room;
    const from = Math.max(0, Math.min(back ? left + barWidth - width : left, room - width));
    const below = others.some((other) => Math.abs(other.top - top) < height / 2 && from < other.to && other.from < from + width);
    flag.classList.toggle("back", back);
    flag.classList.toggle("below", below);
    put(flag, { left: from, top: below ? top + height : top });
    return { from, to: from + width, top };
  }

  #band(shown: Shown, hue: number, from: number, to: number): void {
    const stretches = from < to ? this.#mirror.selection(from, to) : [];
    while (shown.bands.length > stretches.length) shown.bands.pop()!.remove();
    // Below the bars.
    for (const [i, stretch] of stretches.entries()) put((shown.bands[i] ??= this.#text.insertBefore(part("band", hue), this.#text.firstChild)), { ...stretch });
  }

  #add(windowId: string, hue: number, caret: Caret, now: number): Shown {
    const shown: Shown = { bar: part("bar", hue), flag: part("flag", hue), bands: [], caret, namedUntil: now + namedMs };
    shown.flag.dir = "auto";
    this.#text.append(shown.bar);
    this.#options.layer.append(shown.flag);
    this.#shown.set(windowId, shown);
    return shown;
  }

  #remove(windowId: string, { bar, flag, bands }: Shown): void {
    for (const element of [bar, flag, ...bands]) element.remove();
    this.#shown.delete(windowId);
  }
}
