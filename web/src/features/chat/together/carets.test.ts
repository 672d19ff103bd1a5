import { afterEach, beforeEach, expect, test, vi } from "vitest";

vi.mock("@/shared/live/live", () => ({ subscribe: () => () => undefined, onReturn: () => () => undefined }));
vi.mock("@/shared/api/client", () => ({ api: {} }));
vi.mock("./caret-mirror", () => ({
  CaretMirror: class {
    readonly element = document.createElement("i");
    follow = () => undefined;
    caret = (at: number) => ({ left: at * 10, top: 20, width: 0, height: 19 });
    selection = (from: number, to: number) => [{ left: from * 10, top: 18, width: (to - from) * 10, height: 24 }];
  },
}));

const { Carets } = await import("./carets");
const { usePresence } = await import("./presence");

const box = document.createElement("textarea");
const layer = document.createElement("div");
let names: Record<string, string> = {};
let carets: InstanceType<typeof Carets>;
/** A caret is its two offsets here; "?" is one that cannot be found yet. */
const caret = (anchor: number | "?", head = anchor) => ({ anchor: String(anchor), head: String(head) });
type Window = NonNullable<ReturnType<typeof usePresence.getState>["windows"][string]>;
const windows = (given: Record<string, Partial<Window>>): void => usePresence.setState({
  windows: Object.fromEntries(Object.entries(given).map(([id, window]) => [id, { userId: "olga", state: "here", draft: "d", caret: null, at: 0, ...window }])),
});
const wait = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const bars = () => [...layer.querySelectorAll<HTMLElement>(".caret-bar:not([hidden])")].map((bar) => bar.style.left);
const named = () => [...layer.querySelectorAll(".caret-flag.shown")].map((flag) => flag.textContent);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("ResizeObserver", class { observe = () => undefined; disconnect = () => undefined; });
  Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });
  Object.defineProperties(box, { clientWidth: { value: 400, configurable: true }, clientHeight: { value: 100, configurable: true } });
  Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => 60 });
  box.scrollTop = 0;
  document.body.replaceChildren(box, layer);
  names = { mia: "Mia", olga: "Olga", bruno: "Bruno" };
  const find = ({ anchor, head }: { anchor: string; head: string }) => (anchor === "?" ? null : [Number(anchor), Number(head)] as const);
  carets = new Carets({ box, layer, draft: "d", find, names: () => names, you: () => "mia" });
});
afterEach(() => {
  carets.dispose();
  usePresence.setState({ windows: {} });
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("nothing is there while nobody else is in the text", async () => {
  windows({ 1: {}, 2: { caret: caret(4), draft: "another" }, 3: { userId: "mia", caret: caret(4) }, 4: { caret: caret("?") }, 5: { userId: "somebody let out", caret: caret(4) } });
  await wait();
  expect(layer.childElementCount).toBe(0);
});

test("each window has its bar, which goes when the window does", async () => {
  windows({ 1: { caret: caret(4) }, 2: { caret: caret(9) }, 3: { userId: "bruno", caret: caret(20, 12) } });
  await wait();
  expect(bars()).toEqual(["39px", "89px", "119px"]);
  expect([...layer.querySelectorAll<HTMLElement>(".caret-band")].map(({ style }) => [style.left, style.width])).toEqual([["120px", "80px"]]);
  windows({ 2: { caret: caret(9) }, 3: { userId: "bruno", caret: caret(12) } });
  await wait();
  expect(bars()).toEqual(["89px", "119px"]);
  expect(layer.querySelector(".caret-band")).toBeNull();
  windows({});
  await wait();
  expect(layer.childElementCount).toBe(0);
});

test("who is let out has none any more", async () => {
  windows({ 1: { caret: caret(4) } });
  await wait();
  expect(bars()).toHaveLength(1);
  names = { mia: "Mia" };
  carets.draw();
  await wait();
  expect(bars()).toHaveLength(0);
});

test("the name is there for some seconds after a move, and for as long as somebody types", async () => {
  windows({ 1: { caret: caret(4) } });
  await wait();
  expect(named()).toEqual(["Olga"]);
  await wait(3_100);
  expect(named()).toEqual([]);
  carets.draw();
  await wait();
  expect(named(), "what others write is no move of theirs").toEqual([]);
  windows({ 1: { caret: caret(5) } });
  await wait();
  expect(named()).toEqual(["Olga"]);
  windows({ 1: { caret: caret(5), state: "typing" } });
  await wait(9_000);
  expect(named()).toEqual(["Olga"]);
  windows({ 1: { caret: caret(5) } });
  await wait();
  expect(named()).toEqual([]);
});

test("a caret that is scrolled out of the box has neither bar nor name", async () => {
  box.scrollTop = 60;
  windows({ 1: { caret: caret(4) } });
  await wait();
  expect([bars(), named()]).toEqual([[], []]);
  box.scrollTop = 10;
  box.dispatchEvent(new Event("scroll"));
  await wait();
  expect([bars().length, named()]).toEqual([1, ["Olga"]]);
});

test("names keep inside the box and do not cover each other", async () => {
  windows({ 1: { caret: caret(39) }, 2: { userId: "bruno", caret: caret(36) } });
  await wait();
  const flags = [...layer.querySelectorAll<HTMLElement>(".caret-flag")];
  expect(flags.map(({ classList }) => [classList.contains("back"), classList.contains("below")])).toEqual([[true, false], [true, true]]);
  expect(flags.every(({ style }) => parseFloat(style.left) >= 0 && parseFloat(style.left) + 60 <= 400)).toBe(true);
});

test("names run from the right where one reads from the right", async () => {
  layer.style.direction = "rtl";
  windows({ 1: { caret: caret(20) }, 2: { userId: "bruno", caret: caret(2) } });
  await wait();
  expect([...layer.querySelectorAll<HTMLElement>(".caret-flag")].map(({ style }) => style.left)).toEqual(["141px", "19px"]);
  layer.style.direction = "";
});
