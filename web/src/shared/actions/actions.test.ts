import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findAction, listenForKeys, registerActions, runAction, type Action } from "./actions";
import { keyCaps, matches } from "./keys";

const stops: (() => void)[] = [];
const register = (...actions: Partial<Action>[]) => stops.push(registerActions(actions.map((a, i) => ({ id: `test.${i}`, title: () => "", run: () => undefined, ...a }))));
const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
};

beforeEach(() => void stops.push(listenForKeys()));
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  document.body.replaceChildren();
});

describe("keys", () => {
  it("run the action they belong to and nothing else sees them", () => {
    const run = vi.fn();
    register({ keys: "mod+k", run });
    expect(press("k", { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledOnce();
    expect(press("k").defaultPrevented).toBe(false);
    expect(press("k", { ctrlKey: true, shiftKey: true }).defaultPrevented).toBe(false);
    expect(run).toHaveBeenCalledOnce();
  });

  it("stay letters while the person types, unless the action says otherwise", () => {
    const help = vi.fn(), palette = vi.fn();
    register({ keys: "?", run: help }, { keys: "mod+k", run: palette, whileTyping: true });
    const input = document.body.appendChild(document.createElement("textarea"));
    press("?", { shiftKey: true }, input);
    press("k", { ctrlKey: true }, input);
    expect(help).not.toHaveBeenCalled();
    expect(palette).toHaveBeenCalledOnce();
    press("?", { shiftKey: true });
    expect(help).toHaveBeenCalledOnce();
  });

  it("never run while letters are being composed", () => {
    const run = vi.fn();
    register({ keys: "g", run });
    press("g", { isComposing: true });
    expect(run).not.toHaveBeenCalled();
  });

  it("leave Esc to a dialog that is open", () => {
    const stop = vi.fn();
    register({ keys: "escape", run: stop });
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.open = true;
    press("Escape", {}, dialog);
    expect(stop).not.toHaveBeenCalled();
    dialog.open = false;
    press("Escape");
    expect(stop).toHaveBeenCalledOnce();
  });

  it("may be two, one after the other", () => {
    const chat = vi.fn();
    register({ keys: "g c", run: chat });
    press("c");
    press("g");
    press("x");
    press("c");
    expect(chat).not.toHaveBeenCalled();
    press("g");
    press("c");
    expect(chat).toHaveBeenCalledOnce();
  });

  it("do nothing when the action does not apply, and the later registration wins", () => {
    const off = vi.fn(), first = vi.fn(), second = vi.fn();
    register({ keys: "a", run: off, when: () => false }, { keys: "b", run: first }, { keys: "b", run: second });
    press("a");
    press("b");
    expect(off).not.toHaveBeenCalled();
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledOnce();
  });

  it("match the letter's place on layouts with other letters", () => {
    expect(matches("mod+k", new KeyboardEvent("keydown", { key: "л", code: "KeyK", ctrlKey: true }), false)).toBe(true);
  });

  it("tell F6 from Shift and F6", () => {
    const back = new KeyboardEvent("keydown", { key: "F6", code: "F6", shiftKey: true });
    expect([matches("f6", back, false), matches("shift+f6", back, false)]).toEqual([false, true]);
    expect(matches("f6", new KeyboardEvent("keydown", { key: "F6", code: "F6" }), false)).toBe(true);
    expect(keyCaps("shift+f6", false)).toEqual([["Shift", "F6"]]);
  });

  it("are Command on a Mac and Control elsewhere", () => {
    const command = new KeyboardEvent("keydown", { key: "k", metaKey: true });
    expect(matches("mod+k", command, true)).toBe(true);
    expect(matches("mod+k", command, false)).toBe(false);
    expect(keyCaps("mod+shift+l", true)).toEqual([["⌘", "⇧", "L"]]);
    expect(keyCaps("g c", false)).toEqual([["G"], ["C"]]);
  });
});

describe("registered actions", () => {
  it("are found by id until they are taken back", () => {
    const run = vi.fn();
    const stop = registerActions([{ id: "chat.new", title: () => "New", run }]);
    runAction("chat.new");
    expect(run).toHaveBeenCalledOnce();
    stop();
    expect(findAction("chat.new")).toBeUndefined();
  });
});
