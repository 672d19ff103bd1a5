import { create } from "zustand";
import { api } from "@/shared/api/client";
import { onReturn, subscribe } from "@/shared/live/live";

export type Doing = "here" | "typing" | "away";
interface Seen {
  userId: string;
  state: Doing;
  draft: string | null;
  at: number;
}
interface Said {
  userId: string;
  windowId: string;
  state: Doing | "gone";
  draft: string | null;
  ask: boolean;
}

/** This window, for as long as the page is open. */
export const windowId = crypto.randomUUID();

const everyMs = 25_000;
/** A window that was not heard of for so long is gone. */
const forgottenMs = 65_000;
const typingMs = 4_000;
const settledMs = 2_000;

/** The windows that have the conversation open, by their ids. */
export const usePresence = create<{ windows: Readonly<Record<string, Seen>> }>()(() => ({ windows: {} }));

/** What one of several windows of a person says most. */
const weight: Record<Doing, number> = { typing: 2, here: 1, away: 0 };

/** What each person is doing who has the conversation open. */
export function byPerson(windows: Readonly<Record<string, Seen>>): Map<string, Doing> {
  const people = new Map<string, Doing>();
  for (const { userId, state } of Object.values(windows)) {
    const known = people.get(userId);
    if (known === undefined || weight[state] > weight[known]) people.set(userId, state);
  }
  return people;
}

export function taken(windows: Readonly<Record<string, Seen>>, said: Said, now: number): Record<string, Seen> {
  const next = Object.fromEntries(Object.entries(windows).filter(([id, seen]) => id !== said.windowId && now - seen.at < forgottenMs));
  if (said.state !== "gone") next[said.windowId] = { userId: said.userId, state: said.state, draft: said.draft, at: now };
  return next;
}

let current: { conversationId: string; state: Doing; draft: string | null } | null = null;
let resting: ReturnType<typeof setTimeout> | undefined;

function tell(state: Doing | "gone", ask = false): void {
  if (!current) return;
  // Nobody waits for it, and the next one says the same.
  void api.post(`/api/chat/conversations/${current.conversationId}/presence`, { windowId, state, draft: current.draft, ask }).catch(() => undefined);
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

/** Says what this window does, and hears what the others do, until it is called off. */
export function enter(conversationId: string, topic: string): () => void {
  current = { conversationId, state: document.hidden ? "away" : "here", draft: null };
  usePresence.setState({ windows: {} });
  const stop = subscribe(topic, (name, data) => {
    if (name !== "chat.presence") return;
    const said = data as Said;
    if (said.windowId === windowId) return;
    usePresence.setState(({ windows }) => ({ windows: taken(windows, said, Date.now()) }));
    if (said.ask && current) tell(current.state);
  });
  const here = (): void => become(document.hidden ? "away" : "here");
  const leave = (): void => tell("gone");
  const beat = setInterval(() => {
    tell(current?.state ?? "here");
    usePresence.setState(({ windows }) => ({ windows: Object.fromEntries(Object.entries(windows).filter(([, seen]) => Date.now() - seen.at < forgottenMs)) }));
  }, everyMs);
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
    clearTimeout(resting);
    clearTimeout(once);
    document.removeEventListener("visibilitychange", here);
    window.removeEventListener("pagehide", leave);
    tell("gone");
    current = null;
    usePresence.setState({ windows: {} });
  };
}
