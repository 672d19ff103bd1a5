import { create } from "zustand";
import { persist } from "zustand/middleware";
import { api } from "@/shared/api/client";
import { isApiError } from "@/shared/api/error";
import type { Preferences } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { switchLocale } from "@/shared/i18n/text";
import { usePreferences } from "./store";

/** Whose choice has not reached the server: kept on the device, for the page may be left before it does. */
const useUnsaved = create<{ by: string | null }>()(persist<{ by: string | null }>(() => ({ by: null }), { name: "jt:prefs-unsaved", version: 1 }));

let person: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let sending = Promise.resolve();

/**
 * Takes the server's copy, which another device may have changed, unless a change this person made here is still on its way to it. A
 * language or time zone it does not know yet is taken from this device.
 */
export async function adoptPreferences(userId: string, server: Preferences): Promise<void> {
  person = userId;
  if (useUnsaved.getState().by === person) return save(person);
  useUnsaved.setState({ by: null });
  const timeZone = server.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const locale = server.locale ?? currentLocale();
  usePreferences.setState({ ...server, locale, timeZone });
  await switchLocale(locale);
  if (locale !== server.locale || timeZone !== server.timeZone) save(person);
}

/** Changes a preference at once on this device, and shortly after on the server. */
export async function setPreferences(change: Partial<Preferences>): Promise<void> {
  usePreferences.setState(change);
  if (change.locale) await switchLocale(change.locale);
  if (person !== null) save(person);
}

/** What has not reached the server waits for the person to come back. */
export function forgetPreferencesOwner(): void {
  person = null;
  clearTimeout(timer);
}

function save(by: string): void {
  useUnsaved.setState({ by });
  clearTimeout(timer);
  // Sliders and quick changes of mind become one request.
  timer = setTimeout(send, 400);
}

function send(): void {
  clearTimeout(timer);
  // One after the other, so that none overtakes a later one.
  sending = sending.then(async () => {
    const sent = usePreferences.getState();
    const { by } = useUnsaved.getState();
    if (by === null || by !== person) return;
    // After a failure this device keeps its choice and sends it with the next change, or when the session is next read. What was refused would be again.
    const isSettled = await api.put("/api/accounts/preferences", sent, { keepalive: true }).then(() => true, (error: unknown) => isApiError(error) && error.status === 400);
    if (isSettled && sent === usePreferences.getState()) useUnsaved.setState({ by: null });
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") send();
});
