import { api } from "@/shared/api/client";
import type { Preferences } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { switchLocale } from "@/shared/i18n/text";
import { usePreferences } from "./store";

let signedIn = false;
let unsaved = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Takes the server's copy, which another device may have changed, unless a change made here is still on its way to it. A language or
 * time zone it does not know yet is taken from this device.
 */
export async function adoptPreferences(server: Preferences): Promise<void> {
  signedIn = true;
  if (unsaved) return save();
  const timeZone = server.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const locale = server.locale ?? currentLocale();
  usePreferences.setState({ ...server, locale, timeZone });
  await switchLocale(locale);
  if (locale !== server.locale || timeZone !== server.timeZone) save();
}

/** Changes a preference at once on this device, and shortly after on the server. */
export async function setPreferences(change: Partial<Preferences>): Promise<void> {
  usePreferences.setState(change);
  if (change.locale) await switchLocale(change.locale);
  if (signedIn) save();
}

export function forgetPreferencesOwner(): void {
  signedIn = false;
  unsaved = false;
  clearTimeout(timer);
}

function save(): void {
  unsaved = true;
  clearTimeout(timer);
  // Sliders and quick changes of mind become one request.
  timer = setTimeout(() => {
    const sent = usePreferences.getState();
    // After a failure this device keeps its choice and sends it with the next change, or when the session is next read.
    api.put("/api/accounts/preferences", sent).then(() => (unsaved = sent !== usePreferences.getState()), () => undefined);
  }, 400);
}
