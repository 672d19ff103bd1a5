import type { LucideIcon } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { matches, type Keys } from "./keys";

/** Everything the person can do, once: the same object feeds the button, the key, the menu and the palette. */
export interface Action {
  /** "<feature>.<verb>", for example "chat.regenerate". */
  id: string;
  /** In the person's language, read when it is shown. */
  title: () => string;
  keys?: Keys;
  icon?: LucideIcon;
  /** Groups actions in the palette and in the list of keys. */
  group?: () => string;
  /** More words to find it by. */
  words?: string;
  /** Whether it makes sense now; absent means always. */
  when?: () => boolean;
  /** Runs from the keyboard even while the person types in a field. */
  whileTyping?: boolean;
  /** Kept out of the palette, for keys that only make sense in place. */
  hidden?: boolean;
  run: () => void | Promise<void>;
}

let actions: readonly Action[] = [];
const listeners = new Set<() => void>();
const changed = (next: readonly Action[]): void => {
  actions = next;
  for (const listener of listeners) listener();
};

/** Adds actions until the returned function is called. Later ones win over earlier ones with the same id or keys. */
export function registerActions(added: readonly Action[]): () => void {
  changed([...actions, ...added]);
  return () => changed(actions.filter((a) => !added.includes(a)));
}

export const currentActions = (): readonly Action[] => actions;
export const findAction = (id: string): Action | undefined => actions.findLast((a) => a.id === id);
export const runAction = (id: string): void => {
  const action = findAction(id);
  if (action && action.when?.() !== false) void action.run();
};

/** Registers actions for as long as the component is there. Pass a stable array (module constant or useMemo). */
export function useActions(added: readonly Action[]): void {
  useEffect(() => registerActions(added), [added]);
}

export function useAllActions(): readonly Action[] {
  return useSyncExternalStore(subscribeActions, currentActions);
}
function subscribeActions(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const sequencePauseMs = 1_200;

/** Listens for the keys of all registered actions. */
export function listenForKeys(target: Pick<Document, "addEventListener" | "removeEventListener"> = document): () => void {
  let first: { key: KeyboardEvent; at: number } | null = null;
  const handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    // Esc closes one layer: the browser closes the dialog, and what lies below keeps going.
    if (event.key === "Escape" && document.querySelector("dialog[open]")) return;
    const typing = isTyping(event.target);
    const before = first && event.timeStamp - first.at < sequencePauseMs ? first.key : null;
    first = null;
    const usable = actions.filter((a) => a.keys && (!typing || a.whileTyping) && a.when?.() !== false);
    const hit = usable.findLast((a) => fits(a.keys!, before, event));
    if (hit) {
      event.preventDefault();
      void hit.run();
    } else if (usable.some((a) => a.keys!.includes(" ") && matches(a.keys!.split(" ")[0]!, event))) {
      first = { key: event, at: event.timeStamp };
    }
  };
  target.addEventListener("keydown", handle);
  return () => target.removeEventListener("keydown", handle);
}

function fits(keys: Keys, before: KeyboardEvent | null, event: KeyboardEvent): boolean {
  const [one, two] = keys.split(" ");
  if (two === undefined) return matches(one!, event);
  return before !== null && matches(one!, before) && matches(two, event);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio],[type=range],[type=button]), textarea, select");
}
