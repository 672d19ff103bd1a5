import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ChangedSpan } from "./changed-span";

// A server in memory: it keeps pieces in their order, and tells everybody who listens. Windows are told apart by hand, as one module is one window.
const server = vi.hoisted(() => ({
  pieces: [] as { position: number; update: string }[],
  listeners: [] as ((name: string, data: unknown) => void)[],
  down: false,
  silent: false,
  heard: [] as (() => void)[],
}));
vi.mock("@/shared/live/live", () => ({
  subscribe: (_: string, handler: (name: string, data: unknown) => void, onHeard: () => void) => {
    server.listeners.push(handler);
    server.heard.push(onHeard);
    return () => { server.listeners = server.listeners.filter((each) => each !== handler); };
  },
  onReturn: () => () => undefined,
}));
vi.mock("@/shared/api/client", () => ({
  api: {
    get: (_: string, { query }: { query: { after: number } }) => (server.down ? Promise.reject(new Error("down")) : Promise.resolve({ items: server.pieces.filter(({ position }) => position > query.after) })),
    post: (_: string, body: { update: string; replaces?: number }) => {
      if (server.down) return Promise.reject(new Error("down"));
      const position = (server.pieces.at(-1)?.position ?? 0) + 1;
      server.pieces = [...server.pieces.filter((piece) => piece.position > (body.replaces ?? 0)), { position, update: body.update }];
      if (!server.silent) for (const listener of server.listeners) listener("chat.draft", { draft: "d", position, windowId: "another", update: body.update });
      return Promise.resolve({ position });
    },
  },
}));

const { SharedText } = await import("./shared-text");
const settle = (ms = 1_000): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

function open(initial = "", typed = true) {
  const seen = { text: initial, kept: 0, spans: [] as ChangedSpan[] };
  const shared = new SharedText({ conversationId: "c", draft: "d", topic: "t", initial, typed, onText: (text, span) => { seen.text = text; seen.spans.push(span); }, onKept: () => { seen.kept++; } });
  const write = (text: string): void => { seen.text = text; shared.write(text); };
  return { shared, seen, write };
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(server, { pieces: [], listeners: [], down: false, silent: false, heard: [] });
});
afterEach(() => vi.useRealTimers());

test("two write at once and both end with the same words, none of them lost", async () => {
  const [one, two] = [open(), open()];
  await settle();
  one.write("Where is the lighthouse?");
  await settle();
  expect(two.seen.text).toBe("Where is the lighthouse?");

  one.write("Please: Where is the lighthouse?");
  two.write("Where is the lighthouse, and when does it open?");
  await settle();

  expect(one.seen.text).toBe("Please: Where is the lighthouse, and when does it open?");
  expect(two.seen.text).toBe(one.seen.text);
});

test("what was typed while the server was away is there when it is back", async () => {
  const [one, two] = [open(), open()];
  await settle();
  server.down = true;
  one.write("Kept");
  await settle(20_000);
  expect(two.seen.text).toBe("");
  const before = one.seen.kept;
  server.down = false;
  await settle(20_000);
  expect(one.seen.kept, "only now may the browser forget it").toBe(before + 1);
  expect(two.seen.text).toBe("Kept");
});

test("who comes later reads all of it, and what they had written before is added once", async () => {
  const first = open("From the first");
  await settle();
  const second = open("From the second");
  await settle();
  expect(second.seen.text).toBe("From the first\nFrom the second");
  expect(first.seen.text).toBe(second.seen.text);
  const again = open("From the first");
  await settle();
  expect(again.seen.text).toBe("From the first\nFrom the second");
});

test("the words of a message begin the text of its rewording once, and are not added to what it came to", async () => {
  const first = open("Where is it?", false);
  await settle();
  first.write("Where is the lighthouse?");
  await settle();
  const second = open("Where is it?", false);
  await settle();
  expect(second.seen.text).toBe("Where is the lighthouse?");
});

test("many small updates are put together to one, and nothing is lost by it", async () => {
  const one = open();
  await settle();
  for (let i = 1; i <= 80; i++) {
    one.write("x".repeat(i));
    await settle(200);
  }
  expect(server.pieces.length).toBeGreaterThan(60);
  const late = open();
  await settle();
  expect(late.seen.text).toBe("x".repeat(80));
  expect(server.pieces.length).toBe(1);
  const later = open();
  await settle();
  expect(later.seen.text).toBe("x".repeat(80));
});

test("while letters are put together the box stays as it is", async () => {
  const [one, two] = [open(), open()];
  await settle();
  one.write("tiếng");
  await settle();
  two.shared.hold();
  one.write("tiếng Việt");
  await settle();
  expect(two.seen.text).toBe("tiếng");
  two.shared.release();
  expect(two.seen.text).toBe("tiếng Việt");
});

test("a caret stays in its words when others write before it, behind it and at it", async () => {
  const [one, two] = [open(), open()];
  await settle();
  one.write("Where is the lighthouse?");
  await settle();
  const caret = one.shared.caretAt("Where is the lighthouse?", 9, 9)!;
  expect(two.shared.find(caret)).toEqual([9, 9]);

  two.write("Please: Where is the lighthouse?");
  expect(two.shared.find(caret), "before").toEqual([17, 17]);
  two.write("Please: Where is the lighthouse, Jean?");
  expect(two.shared.find(caret), "behind").toEqual([17, 17]);
  two.write("Please: is the lighthouse, Jean?");
  expect(two.shared.find(caret), "letters before it are gone").toEqual([11, 11]);
  two.write("Please: Jean?");
  expect(two.shared.find(caret), "its own letters are gone").toEqual([8, 8]);
  await settle();
  expect(one.shared.find(caret)).toEqual([8, 8]);
});

test("a caret goes on before what is typed at it, also at the end, without being told again", async () => {
  const [one, two] = [open(), open()];
  await settle();
  for (const [before, at, after, then] of [["ab", 1, "aXYb", 3], ["aXYb", 4, "aXYbZ", 5]] as const) {
    one.write(before);
    await settle();
    const caret = one.shared.caretAt(before, at, at)!;
    one.write(after);
    await settle();
    expect(two.shared.find(caret)).toEqual([then, then]);
    expect(one.shared.caretAt(after, then, then)).toEqual(caret);
  }
});

test.each([["forward", 6, 8], ["backward", 8, 6]])("a selection made %s keeps to its own letters", async (_, anchor, head) => {
  const [one, two] = [open(), open()];
  await settle();
  one.write("Where is it?");
  await settle();
  const caret = one.shared.caretAt("Where is it?", anchor, head)!;
  two.write("Where >is it?");
  two.write("Where >is< it?");
  expect(two.shared.find(caret)!.map((at) => at - 1), "what is written at its ends is not in it").toEqual([anchor, head]);
  two.write("Where >iiis< it?");
  const [from, to] = [...two.shared.find(caret)!].sort((a, b) => a - b);
  expect("Where >iiis< it?".slice(from, to), "what is written in it is").toBe("iiis");
});

test("a caret at letters that have not come yet is nowhere until they are there", async () => {
  const [one, two] = [open(), open()];
  await settle();
  one.write("ab");
  const caret = one.shared.caretAt("ab", 1, 1)!;
  expect(two.shared.find(caret)).toBeNull();
  await settle();
  expect(two.shared.find(caret)).toEqual([1, 1]);
});

test("there is no caret of what the box does not show as it is, and nonsense is none", async () => {
  const one = open("Hello");
  expect(one.shared.caretAt("Hello", 1, 1), "nothing was read yet").toBeNull();
  await settle();
  expect(one.shared.caretAt("Hello", 1, 1)).not.toBeNull();
  expect(one.shared.caretAt("Hell", 1, 1)).toBeNull();
  // Cut off, no base64, of another text, of a letter nobody wrote.
  for (const place of ["AA==", "?", "AQVvdGhlcgA=", "AP///w8AAA=="]) expect(one.shared.find({ anchor: place, head: place }), place).toBeNull();
});

test("what was written after one had read and before one heard is read once one hears", async () => {
  const [one, two] = [open(), open()];
  await settle();
  server.silent = true;
  one.write("Where is it?");
  await settle();
  expect(two.seen.text).toBe("");
  for (const heard of server.heard) heard();
  await settle();
  expect(two.seen.text).toBe("Where is it?");
});

test("one lost event does not keep back all that come after it", async () => {
  const [one, two] = [open(), open()];
  await settle();
  server.silent = true;
  one.write("Where ");
  await settle();
  server.silent = false;
  one.write("Where is it?");
  await settle();
  expect(two.seen.text).toBe("Where is it?");
});

test("what is typed before the text was read takes the place of what stood in the box", async () => {
  const one = open("…");
  one.write("Where is it?");
  await settle();
  expect(one.seen.text).toBe("Where is it?");
  const two = open();
  await settle();
  expect(two.seen.text).toBe("Where is it?");
});

test("what is typed before the text was read is not lost to what others wrote, nor is theirs", async () => {
  const one = open();
  await settle();
  one.write("Theirs");
  await settle();
  const two = open("Mi");
  two.write("Mine");
  await settle();
  expect([one.seen.text, two.seen.text]).toEqual(["Theirs\nMine", "Theirs\nMine"]);
});

test("a message that is reworded before its text was read stands there once", async () => {
  const one = open("What is 12 * 12?", false);
  await settle();
  const two = open("What is 12 * 12?", false);
  two.write("What is 13 * 13?");
  await settle();
  expect([one.seen.text, two.seen.text]).toEqual(["What is 13 * 13?", "What is 13 * 13?"]);
});

test("what was emptied before the text was read stays empty", async () => {
  const one = open("…");
  one.write("");
  await settle();
  expect([one.seen.text, server.pieces]).toEqual(["", []]);
});
