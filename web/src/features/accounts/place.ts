import type { SessionInfo } from "@/shared/api/types";
import type { Locale } from "@/shared/i18n/locale";
import type { useT } from "./text";

/** Roughly where an address is, in the person's language; empty when nothing is known. */
export function placeOf(place: SessionInfo["place"], locale: Locale, t: ReturnType<typeof useT>): string {
  if (!place) return "";
  if (place.network === "this-machine") return t("account.place.machine");
  if (place.network === "private") return t("account.place.private");
  const country = place.country ? (new Intl.DisplayNames([locale], { type: "region", fallback: "code" }).of(place.country) ?? place.country) : "";
  return place.city && country ? t("account.place.city", { city: place.city, country }) : (place.city ?? country);
}
