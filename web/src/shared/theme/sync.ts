import { create } from "zustand";
import { persist } from "zustand/middleware";
import { api } from "@/shared/api/client";
import { isApiError } from "@/shared/api/error";
import type { Preferences } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { switchLocale } from "@/shared/i18n/text";
import { usePreferences } from "./store";

interface Known {
  /** Whose they are. */
  by: string | null;
  preferences: Preferences | null;
}

/** What the server is known to have. It is kept on the device: a page may be left before a change has reached the server, and the next one sends it. */
const useKnown = create<Known>()(persist<Known>(() => ({ by: null, preferences: null }), { name: "jt:prefs-known", version: 1 }));

let person: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let sending = Promise.resolve();

/**
 * Takes the server's copy, which another device may have changed, but for what this person changed here and nobody elsewhere since. A
 * language or time zone it does not know yet is taken from this device.
 */
export async function adoptPreferences(userId: string, server: Preferences): Promise<void> {
  person = userId;
  const { by, preferences: base } = useKnown.getState();
  const adopted = by === userId && base ? merged(base, usePreferences.getState(), server) : { ...server };
  adopted.timeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  adopted.locale ??= currentLocale();
  useKnown.setState({ by: userId, preferences: server });
  usePreferences.setState(adopted);
  await switchLocale(adopted.locale);
  if (isUnsaved()) save();
}

/** Changes a preference at once on this device, and shortly after on the server. */
export async function setPreferences(change: Partial<Preferences>): Promise<void> {
  usePreferences.setState(change);
  if (change.locale) await switchLocale(change.locale);
  if (person !== null) save();
}

/** What has not reached the server waits for the person to come back. */
export function forgetPreferencesOwner(): void {
  if (!isUnsaved()) useKnown.setState({ by: null, preferences: null });
  person = null;
  clearTimeout(timer);
}

const names = (preferences: Preferences) => Object.keys(preferences) as (keyof Preferences)[];

/** Of each: the server's where it is another than it was, or else ours. */
const merged = (base: Preferences, ours: Preferences, server: Preferences): Preferences => ({
  ...server,
  ...Object.fromEntries(names(server).filter((name) => server[name] === base[name]).map((name) => [name, ours[name]])),
});

function isUnsaved(): boolean {
  const { by, preferences } = useKnown.getState();
  const ours = usePreferences.getState();
  return person !== null && by === person && preferences !== null && names(preferences).some((name) => ours[name] !== preferences[name]);
}

function save(): void {
  clearTimeout(timer);
  // Sliders and quick changes of mind become one request.
  timer = setTimeout(send, 400);
}

function send(): void {
  clearTimeout(timer);
  // One after the other, so that none overtakes a later one.
  sending = sending.then(async () => {
    if (!isUnsaved()) return;
    const by = person;
    const preferences = usePreferences.getState();
    // After a failure this device keeps its choice and sends it with the next change, or when the session is next read. What was refused would be again.
    const isSettled = await api.put("/api/accounts/preferences", preferences, { keepalive: true }).then(() => true, (error: unknown) => isApiError(error) && error.status === 400);
    if (isSettled && by === person) useKnown.setState({ by, preferences });
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") send();
});
