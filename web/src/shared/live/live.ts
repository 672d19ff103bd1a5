import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import type { Hub, LiveEvent } from "./hub";

type LiveState = "off" | "connecting" | "connected" | "reconnecting";
/** A feature's ear for news: turns an event into refreshed caches. */
export type LiveListener = (queryClient: QueryClient, name: string, data: unknown) => void;
type Handler = (name: string, data: unknown) => void;

export const useLive = create<{ state: LiveState }>()(() => ({ state: "off" }));

interface Topic {
  handlers: Set<Handler>;
  heard: Promise<void>;
}
const topics = new Map<string, Topic>();
const returned = new Set<() => void>();
let hub: Promise<Hub> | null = null;
let wasLost = false;

/**
 * Listens to a topic of the server for as long as somebody does. `onHeard` is called once events come: what happened before has to be read,
 * and what was read before may lack what happened since.
 */
export function subscribe(topic: string, handler: Handler, onHeard?: () => void): () => void {
  let known = topics.get(topic);
  if (!known) {
    const heard = connected().then(async (h) => {
      if (topics.has(topic)) await h.subscribe(topic);
    });
    topics.set(topic, (known = { handlers: new Set(), heard }));
  }
  const { handlers, heard } = known;
  handlers.add(handler);
  if (onHeard) void heard.then(() => { if (handlers.has(handler)) onHeard(); });
  return () => {
    handlers.delete(handler);
    if (handlers.size > 0 || topics.get(topic)?.handlers !== handlers) return;
    topics.delete(topic);
    void hub?.then((h) => h.unsubscribe(topic));
  };
}

/** Called when the connection was lost and is back: events may have been missed, so refetch what matters. */
export function onReturn(handler: () => void): () => void {
  returned.add(handler);
  return () => returned.delete(handler);
}

/** Ends the connection, at sign-out. */
export async function disconnect(): Promise<void> {
  const ending = hub;
  hub = null;
  topics.clear();
  wasLost = false;
  await (await ending)?.stop();
  useLive.setState({ state: "off" });
}

function connected(): Promise<Hub> {
  hub ??= import("./hub").then(({ Hub }) => {
    const made = new Hub("/hubs/live", { event: dispatch, state: changed });
    window.addEventListener("online", () => made.nudge());
    void made.start();
    return made;
  });
  return hub;
}

function dispatch({ topic, name, data }: LiveEvent): void {
  for (const handler of topics.get(topic)?.handlers ?? []) handler(name, data);
}

function changed(state: "connecting" | "connected" | "reconnecting"): void {
  if (!hub) return;
  useLive.setState({ state });
  if (state === "reconnecting") wasLost = true;
  else if (state === "connected" && wasLost) {
    wasLost = false;
    for (const handler of returned) handler();
  }
}
