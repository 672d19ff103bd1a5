import { create } from "zustand";
import { api } from "@/shared/api/client";
import { onReturn, subscribe } from "@/shared/live/live";

export type Doing = "here" | "typing" | "away";
/** Two places in a text that is written together, as only that text understands them: where a selection began, and where the caret is. */
export interface Caret {
  anchor: string;
  head: string;
}
/** The box one writes in with others, and where one is in it. */
export interface Place {
  draft: string;
  caret: () => Caret | null;
}
interface Seen {
  userId: string;
  state: Doing;
  draft: string | null;
  caret: Caret | null;
  at: number;
}
type Windows = Readonly<Record<string, Seen>>;
interface Said {
  userId: string;
  windowId: string;
  state: Doing | "gone";
  draft: string | null;
  /** Not there where an older server says it. */
  caret?: Caret | null;
  number?: number;
  ask: boolean;
}

/** This window, for as long as the page is open. */
export const windowId = crypto.randomUUID();

const everyMs = 25_000;
/** A window that was not heard of for so long is gone. */
const forgottenMs = 65_000;
const lookedMs = 5_000;
const typingMs = 4_000;
/** However fast a caret moves, the others are told no more often. */
const movedMs = 250;
const settledMs = 2_000;

/** The windows that have the conversation open, by their ids. */
export const usePresence = create<{ windows: Windows }>()(() => ({ windows: {} }));

/** What one of several windows of a person says most. */
const weight: Record<Doing, number> = { typing: 2, here: 1, away: 0 };

/** What each person is doing who has the conversation open. */
export function byPerson(windows: Windows): Map<string, Doing> {
  const people = new Map<string, Doing>();
  for (const { userId, state } of Object.values(windows)) {
    const known = people.get(userId);
    if (known === undefined || weight[state] > weight[known]) people.set(userId, state);
  }
  return people;
}

/** Those that were heard of: the same when none is forgotten. */
export function remembered(windows: Windows, now: number): Windows {
  const kept = Object.entries(windows).filter(([, seen]) => now - seen.at < forgottenMs);
  return kept.length === Object.keys(windows).length ? windows : Object.fromEntries(kept);
}

export function taken(windows: Windows, { windowId: id, userId, state, draft, caret = null }: Said, now: number): Windows {
  const next = Object.fromEntries(Object.entries(remembered(windows, now)).filter(([other]) => other !== id));
  if (state !== "gone") next[id] = { userId, state, draft, caret: state === "away" ? null : caret, at: now };
  return next;
}

let current: { conversationId: string; you: string; state: Doing; draft: string | null; told: Caret | null } | null = null;
let place: Place | null = null;
/** How much this window has said. */
let count = 0;
let resting: ReturnType<typeof setTimeout> | undefined;
let moving: ReturnType<typeof setTimeout> | undefined;

/** Where this window is in a text, as far as that is anybody's business: somebody else has the conversation open. */
function caretNow(state: Doing | "gone"): Caret | null {
  const { windows } = usePresence.getState();
  const told = (state === "here" || state === "typing") && Object.values(windows).some(({ userId }) => userId !== current?.you);
  return told ? place?.caret() ?? null : null;
}

function tell(state: Doing | "gone", ask = false): void {
  if (!current) return;
  clearTimeout(moving);
  moving = undefined;
  const caret = caretNow(state);
  current.told = caret;
  const draft = caret && place ? place.draft : current.draft;
  // Nobody waits for it, and the next one says the same.
  void api.post(`/api/chat/conversations/${current.conversationId}/presence`, { windowId, state, draft, ask, number: ++count, caret }, { keepalive: state === "gone" }).catch(() => undefined);
}

function become(state: Doing, draft: string | null = null): void {
  if (!current || (current.state === state && current.draft === draft)) return;
  current.state = state;
  current.draft = draft;
  tell(state);
}

/** The person writes; a few seconds after the last letter they no longer do. */
export function typing(draft: string): void {
  become("typing", draft);
  clearTimeout(resting);
  resting = setTimeout(() => become(document.hidden ? "away" : "here"), typingMs);
}

/** The caret may be elsewhere now: in a moment the others are told, if it is. */
export function moved(): void {
  moving ??= setTimeout(() => {
    moving = undefined;
    if (!current) return;
    const caret = caretNow(current.state);
    if (caret?.anchor !== current.told?.anchor || caret?.head !== current.told?.head) tell(current.state);
  }, movedMs);
}

/** The person is in a box that others write in as well, until it is called off. */
export function standIn(here: Place): () => void {
  place = here;
  moved();
  return () => {
    if (place !== here) return;
    place = null;
    moved();
  };
}

/** Says what this window does, and hears what the others do, until it is called off. */
export function enter(conversationId: string, topic: string, you: string): () => void {
  current = { conversationId, you, state: document.hidden ? "away" : "here", draft: null, told: null };
  usePresence.setState({ windows: {} });
  const latest = new Map<string, number>();
  const stop = subscribe(topic, (name, data) => {
    if (name !== "chat.presence") return;
    const said = data as Said;
    // What it said before is on its way still: a window that is gone stays gone.
    const { number = 0 } = said;
    if (said.windowId === windowId || number < (latest.get(said.windowId) ?? 0)) return;
    latest.set(said.windowId, number);
    usePresence.setState(({ windows }) => ({ windows: taken(windows, said, Date.now()) }));
    if (!current) return;
    if (said.ask) tell(current.state);
    else if (current.told === null && place) moved();
  });
  let left = false;
  const here = (): void => {
    // A page that is left is hidden after it said so.
    if (left && document.hidden) return;
    left = false;
    become(document.hidden ? "away" : "here");
  };
  const leave = (): void => {
    left = true;
    tell("gone");
  };
  const beat = setInterval(() => tell(current?.state ?? "here"), everyMs);
  const look = setInterval(() => usePresence.setState((now) => {
    const windows = remembered(now.windows, Date.now());
    return windows === now.windows ? now : { windows };
  }), lookedMs);
  const again = onReturn(() => tell(current?.state ?? "here", true));
  document.addEventListener("visibilitychange", here);
  window.addEventListener("pagehide", leave);
  tell(current.state, true);
  // The first answers may come before the topic is heard.
  const once = setTimeout(() => tell(current?.state ?? "here", true), settledMs);
  return () => {
    stop();
    again();
    clearInterval(beat);
    clearInterval(look);
    clearTimeout(resting);
    clearTimeout(once);
    document.removeEventListener("visibilitychange", here);
    window.removeEventListener("pagehide", leave);
    tell("gone");
    clearTimeout(moving);
    moving = undefined;
    current = null;
    usePresence.setState({ windows: {} });
  };
}
