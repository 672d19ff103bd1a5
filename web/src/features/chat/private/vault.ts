import { hashKey } from "@tanstack/react-query";
import { create } from "zustand";
import { queryClient } from "@/shared/api/query-client";
import { sessionKey } from "@/shared/session/session";
import type { Vault } from "./crypto";

/** After so long without a key, a touch or a move it locks by itself. */
export const idleMs = 15 * 60_000;

/** The open vault lives here and nowhere else: in memory, gone with the page. */
export const useVault = create<{ vault: Vault | null }>()(() => ({ vault: null }));
export const vaultNow = (): Vault | null => useVault.getState().vault;

const forgetters = new Set<() => void>();
/** Called when it locks: what was opened is to be forgotten. */
export const onLock = (forget: () => void): void => void forgetters.add(forget);

let timer: ReturnType<typeof setTimeout> | undefined;
const signs = ["pointerdown", "pointermove", "keydown", "touchstart", "wheel"] as const;
let lastSign = 0;

function watch(ms = idleMs): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const rest = idleMs - (Date.now() - lastSign);
    if (rest <= 0) lock();
    else watch(rest);
  }, ms);
}

const noticed = (): void => {
  // A laptop that was shut tells of its time by the clock, not by its timers.
  if (Date.now() - lastSign >= idleMs) lock();
  else lastSign = Date.now();
};

export function unlock(vault: Vault): void {
  lastSign = Date.now();
  useVault.setState({ vault });
  for (const sign of signs) window.addEventListener(sign, noticed, { passive: true, capture: true });
  watch();
}

export function lock(): void {
  clearTimeout(timer);
  for (const sign of signs) window.removeEventListener(sign, noticed, { capture: true });
  useVault.setState({ vault: null });
  for (const forget of forgetters) forget();
}

// Nobody else's conversations stay open at sign-out.
queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type === "updated" && query.queryHash === hashKey(sessionKey) && query.state.data === null && vaultNow()) lock();
});
