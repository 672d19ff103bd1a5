/** A key combination such as "mod+k" or "?"; two of them with a space between are pressed one after the other. */
export type Keys = string;

const isMac = (): boolean => typeof navigator !== "undefined" && /Mac|iP(hone|ad|od)/.test(navigator.platform);

/** True if the event is this combination. `mod` is Command on a Mac and Control elsewhere. */
export function matches(combination: string, event: KeyboardEvent, mac: boolean = isMac()): boolean {
  const parts = combination.toLowerCase().split("+");
  const key = parts.pop() ?? "";
  const wantMod = parts.includes("mod");
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (mod !== wantMod || other || event.altKey !== parts.includes("alt")) return false;
  // "?" already needs Shift on most layouts, so Shift counts only when it is named or the key is a letter or F1 to F12.
  if (parts.includes("shift") ? !event.shiftKey : event.shiftKey && /^(?:[a-z0-9]|f\d+)$/.test(key)) return false;
  return event.key.toLowerCase() === key || event.code.toLowerCase() === `key${key}`;
}

const names: Record<string, string> = { mod: "Ctrl", shift: "Shift", alt: "Alt", escape: "Esc", enter: "Enter", arrowup: "↑", arrowdown: "↓" };
const macNames: Record<string, string> = { ...names, mod: "⌘", shift: "⇧", alt: "⌥", enter: "↵" };

/** The caps to show, one per key. */
export const keyCaps = (keys: Keys, mac: boolean = isMac()): string[][] =>
  keys.split(" ").map((combination) => combination.split("+").map((part) => (mac ? macNames : names)[part.toLowerCase()] ?? part.toUpperCase()));
