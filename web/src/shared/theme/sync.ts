import { api } from "@/shared/api/client";
import type { Preferences } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { switchLocale } from "@/shared/i18n/text";
import { usePreferences } from "./store";

let signedIn = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The server's copy wins when a session begins; a language or time zone it does not know yet is taken from this device. */
export async function adoptPreferences(server: Preferences): Promise<void> {
  signedIn = true;
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

export const forgetPreferencesOwner = (): void => void (signedIn = false);

function save(): void {
  clearTimeout(timer);
  // Sliders and quick changes of mind become one request.
  timer = setTimeout(() => {
    // Failing is harmless: this device keeps its choice and sends it with the next change.
    api.put("/api/accounts/preferences", usePreferences.getState()).catch(() => undefined);
  }, 400);
}
