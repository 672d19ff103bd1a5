import { create } from "zustand";
import { persist } from "zustand/middleware";
import { useSpeech } from "./speech";
import { useJean } from "./store";

interface WakeWord {
  /** Whether Jean may be called by her name here. */
  on: boolean;
  /** Whether what is said after that goes to her by itself. */
  sends: boolean;
}

/** Of this device alone, as it is its microphone. */
export const useWakeWord = create<WakeWord>()(persist<WakeWord>(() => ({ on: false, sends: false }), { name: "jt:wake", version: 1 }));

/** What is heard of being called: `off` also while she may not listen, as the page is hidden or she speaks. */
export type WakeState = "off" | "opening" | "listening" | "failed";

interface Wake {
  state: WakeState;
  /** Why it is `failed`. */
  error: unknown;
  /** Places on the page where a call begins something. */
  places: number;
}
export const useWake = create<Wake>()(() => ({ state: "off", error: null, places: 0 }));

/** What listens for the name. Voice provides it, Chat uses it: they never import each other. */
export interface WakeListener {
  /** Begins to listen, or ends it; asking again for the same changes nothing. */
  listen: (wanted: boolean) => void;
}
export type MakeWakeListener = (tell: { state: (state: WakeState, error?: unknown) => void; called: () => void }) => WakeListener;

let load: (() => Promise<MakeWakeListener>) | null = null;
let loading = false;
let listener: WakeListener | null = null;
let watching = false;
let busy = 0;
const places: (() => void)[] = [];

/** Tells where what listens is; it is fetched when somebody first wants it. */
export function provideWake(provider: () => Promise<MakeWakeListener>): void {
  load = provider;
  listener = null;
}

/** Begins something when Jean is called; of several places the last one does. Returns what ends it. */
export function whenCalled(begin: () => void): () => void {
  watch();
  places.push(begin);
  count();
  return () => {
    places.splice(places.lastIndexOf(begin), 1);
    count();
  };
}

/** The microphone is used for something else until what is returned is called. */
export function holdWake(): () => void {
  busy++;
  update();
  return () => {
    busy--;
    update();
  };
}

/** After a failure. */
export function retryWake(): void {
  listener?.listen(false);
  update();
}

function count(): void {
  useWake.setState({ places: places.length });
  update();
}

/** Nobody's room is heard from a page that is not looked at. */
const mayBeCalled = (): boolean => useWakeWord.getState().on && places.length > 0 && document.visibilityState === "visible";

/** She would hear herself while she speaks. */
const isQuiet = (): boolean => busy === 0 && useSpeech.getState().source === null && useJean.getState().activity !== "speaking";

/** Of several windows one is called: the first that may be, and the next when that one is gone or hidden. */
let claim: AbortController | null = null;
let mine = false;
function keepClaim(wanted: boolean): boolean {
  if (!wanted) {
    claim?.abort();
    claim = null;
    mine = false;
  } else if (!claim) {
    const asked = new AbortController();
    claim = asked;
    // Not there in a page over plain http, which gets no microphone either.
    const locks = navigator.locks as LockManager | null | undefined;
    if (!locks) mine = true;
    else void locks.request("jt:wake", { signal: asked.signal }, async () => {
      if (asked.signal.aborted) return;
      mine = true;
      update();
      await new Promise((release) => asked.signal.addEventListener("abort", release));
    }).catch(() => undefined);
  }
  return mine;
}

function watch(): void {
  if (watching) return;
  watching = true;
  document.addEventListener("visibilitychange", update);
  for (const store of [useWakeWord, useSpeech, useJean]) store.subscribe(update);
}

function update(): void {
  const wanted = keepClaim(mayBeCalled()) && isQuiet();
  if (listener) return listener.listen(wanted);
  if (!wanted || !load || loading) return;
  loading = true;
  load().then((make) => {
    listener = make({ state: (state, error = null) => useWake.setState({ state, error }), called: () => places.at(-1)?.() });
  }, (error: unknown) => useWake.setState({ state: "failed", error })).finally(() => {
    loading = false;
    if (listener) update();
  });
}
