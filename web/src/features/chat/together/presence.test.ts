import { afterEach, beforeEach, expect, test, vi } from "vitest";

const world = vi.hoisted(() => ({
  said: [] as Record<string, unknown>[],
  hear: null as ((name: string, data: unknown) => void) | null,
}));
vi.mock("@/shared/live/live", () => ({
  subscribe: (_: string, handler: (name: string, data: unknown) => void) => {
    world.hear = handler;
    return () => { world.hear = null; };
  },
  onReturn: () => () => undefined,
}));
vi.mock("@/shared/api/client", () => ({
  api: {
    post: (_: string, body: Record<string, unknown>, options: { keepalive: boolean }) => {
      world.said.push({ ...body, ...options });
      return Promise.resolve();
    },
  },
}));

const { byPerson, enter, moved, remembered, standIn, taken, typing, usePresence, windowId } = await import("./presence");

const at = (place: string) => ({ anchor: place, head: place });
const said = (userId: string, windowId: string, state: "here" | "typing" | "away" | "gone", caret: ReturnType<typeof at> | null = null) => ({ userId, windowId, state, draft: caret && "d", caret, ask: false });
const hear = (...heard: Parameters<typeof said>): void => world.hear!("chat.presence", said(...heard));
const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
/** What was told since one asked last. */
const told = () => world.said.splice(0).map(({ state, draft, caret }) => ({ state, draft, caret }));

let leave: () => void = () => undefined;
let away: () => void = () => undefined;
let place = "1";
const stand = (draft = "d"): void => { away = standIn({ draft, caret: () => at(place) }); };

beforeEach(async () => {
  vi.useFakeTimers();
  place = "1";
  leave = enter("c", "t", "mia");
  // It says it twice: the first answers may come before the topic is heard.
  await wait(3_000);
  told();
});
afterEach(() => {
  away();
  leave();
  world.said.length = 0;
  vi.useRealTimers();
});

test("of several windows of a person the busiest counts", () => {
  let windows = taken({}, said("mia", "1", "away"), 0);
  windows = taken(windows, said("mia", "2", "typing"), 10);
  windows = taken(windows, said("mia", "3", "here"), 20);
  windows = taken(windows, said("bruno", "4", "away"), 30);
  expect([...byPerson(windows)]).toEqual([["mia", "typing"], ["bruno", "away"]]);
});

test("a window that left or was not heard of for a minute is gone", () => {
  let windows = taken({}, said("mia", "1", "here"), 0);
  windows = taken(windows, said("bruno", "2", "here"), 60_000);
  windows = taken(windows, said("olga", "3", "here"), 70_000);
  expect(Object.keys(windows)).toEqual(["2", "3"]);
  expect(Object.keys(taken(windows, said("olga", "3", "gone"), 71_000))).toEqual(["2"]);
  expect(remembered(windows, 100_000), "nothing is drawn anew while nobody is forgotten").toBe(windows);
});

test("each window has its own caret, until it says that it has none, or is away, or gone", () => {
  let windows = taken({}, said("olga", "1", "here", at("a")), 0);
  windows = taken(windows, said("olga", "2", "typing", at("b")), 0);
  expect([windows["1"]?.caret, windows["2"]?.caret]).toEqual([at("a"), at("b")]);
  expect(taken(windows, said("olga", "1", "here"), 1)["1"]?.caret).toBeNull();
  expect(taken(windows, said("olga", "1", "away", at("a")), 1)["1"]?.caret).toBeNull();
  expect(taken(windows, said("olga", "1", "gone"), 1)["1"]).toBeUndefined();
  expect(taken(windows, { userId: "olga", windowId: "1", state: "here", draft: null, ask: false }, 1)["1"]?.caret, "a server of before knows of none").toBeNull();
});

test("a caret in a window that is not heard of any more is forgotten without anybody saying so", async () => {
  hear("olga", "1", "here", at("a"));
  await wait(60_000);
  expect(usePresence.getState().windows["1"]?.caret).toEqual(at("a"));
  await wait(10_000);
  expect(usePresence.getState().windows).toEqual({});
});

test("where one is is told once somebody else is there, and to nobody before", async () => {
  stand();
  moved();
  await wait(2_000);
  hear("mia", "another window of hers", "here");
  await wait(2_000);
  expect(told()).toEqual([]);
  hear("olga", "1", "here");
  await wait(2_000);
  expect(told()).toEqual([{ state: "here", draft: "d", caret: at("1") }]);
});

test("a newcomer who asks is told at once", () => {
  stand();
  world.hear!("chat.presence", { ...said("olga", "1", "here"), ask: true });
  expect(told()).toEqual([{ state: "here", draft: "d", caret: at("1") }]);
});

test("of a caret that moves all the time a place is told four times a second, and the last one always", async () => {
  hear("olga", "1", "here");
  stand();
  for (let i = 0; i < 100; i++) {
    place = String(i);
    moved();
    await wait(10);
  }
  await wait(1_000);
  const places = told().map(({ caret }) => (caret as { head: string }).head);
  expect(places.length).toBeGreaterThanOrEqual(3);
  expect(places.length).toBeLessThanOrEqual(5);
  expect(places.at(-1)).toBe("99");
});

test("nothing is told when it is where it was", async () => {
  hear("olga", "1", "here");
  stand();
  await wait(1_000);
  told();
  place = "2";
  moved();
  place = "1";
  await wait(1_000);
  moved();
  await wait(1_000);
  expect(told()).toEqual([]);
});

test("it is taken back when the box is left, and not when another box is entered", async () => {
  hear("olga", "1", "here");
  stand();
  await wait(1_000);
  told();
  away();
  await wait(1_000);
  expect(told()).toEqual([{ state: "here", draft: null, caret: null }]);
  stand("d");
  await wait(1_000);
  told();
  away();
  place = "in the other";
  stand("e");
  await wait(1_000);
  expect(told()).toEqual([{ state: "here", draft: "e", caret: at("in the other") }]);
});

test("who types says so at once with where, and when they rest they are still there", async () => {
  hear("olga", "1", "here");
  stand();
  await wait(1_000);
  told();
  place = "2";
  typing("d");
  expect(told()).toEqual([{ state: "typing", draft: "d", caret: at("2") }]);
  await wait(3_900);
  expect(told()).toEqual([]);
  await wait(200);
  expect(told()).toEqual([{ state: "here", draft: "d", caret: at("2") }]);
});

test("the beats say it again, and leaving says that one is gone", async () => {
  hear("olga", "1", "here");
  stand();
  await wait(1_000);
  told();
  await wait(25_000);
  expect(told()).toEqual([{ state: "here", draft: "d", caret: at("1") }]);
  leave();
  expect(told()).toEqual([{ state: "gone", draft: null, caret: null }]);
  moved();
  await wait(2_000);
  expect(told()).toEqual([]);
});

test("what comes back from this window is not somebody's", () => {
  hear("mia", windowId, "here", at("1"));
  expect(usePresence.getState().windows).toEqual({});
});

test("that a page is left goes through, and is the last that is said", () => {
  hear("olga", "1", "here");
  window.dispatchEvent(new Event("pagehide"));
  expect(world.said.at(-1)).toMatchObject({ state: "gone", caret: null, keepalive: true });
  told();
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(told()).toEqual([]);
  vi.restoreAllMocks();
});

test("what a window said before it left is passed over, and what it says when it is back is not", () => {
  const tell = (state: "here" | "gone", number: number): void => world.hear!("chat.presence", { ...said("olga", "7", state), number });
  const there = (): boolean => "7" in usePresence.getState().windows;
  tell("here", 3);
  tell("gone", 5);
  tell("here", 4);
  expect(there(), "it was on its way for longer").toBe(false);
  tell("here", 6);
  expect(there()).toBe(true);
});

test("each thing that is said has a higher number", async () => {
  typing("d");
  await wait(5_000);
  const numbers = world.said.map(({ number }) => number as number);
  expect(numbers.length).toBeGreaterThan(1);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
});
