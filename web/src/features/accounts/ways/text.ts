import { isApiError } from "@/shared/api/error";
import { defineText } from "@/shared/i18n/text";
import type en from "./locales/en.json";

/** The words of passkeys and of accounts elsewhere. */
export const text = defineText<typeof en>({
  en: () => import("./locales/en.json"),
  ar: () => import("./locales/ar.json"),
  vi: () => import("./locales/vi.json"),
  ru: () => import("./locales/ru.json"),
});
export const useT = text.useT;

const known = [
  "accounts.ceremony_ended", "accounts.passkey_refused", "accounts.passkeys_full", "accounts.last_way_in", "accounts.external_unreachable", "accounts.external_refused",
  "accounts.external_denied", "accounts.external_unverified", "accounts.external_not_linked", "accounts.external_taken", "accounts.sign_up_closed",
  "accounts.external_not_fresh", "accounts.external_other", "accounts.external_proves_nothing", "accounts.step_up_otherwise",
] as const;

/** What went wrong in the person's language, where it is one of the things that go wrong here. */
export function useWhy(): (error: unknown) => string | null {
  const t = useT();
  return (error) => {
    const code = known.find((one) => isApiError(error, one));
    return code ? t(`error.${code}`) : null;
  };
}
