import { create } from "zustand";

export const locales = ["en", "ar", "vi", "ru"] as const;
export type Locale = (typeof locales)[number];

/** Each language in its own words, for the person who cannot read the current one. */
export const localeNames: Record<Locale, string> = { en: "English", ar: "العربية", vi: "Tiếng Việt", ru: "Русский" };

export const isLocale = (value: unknown): value is Locale => locales.some((l) => l === value);
export const directionOf = (locale: Locale): "rtl" | "ltr" => (locale === "ar" ? "rtl" : "ltr");

/** The tag for Intl: Arabic keeps Latin digits, which stand beside code, amounts and times all day. */
export const intlTag = (locale: Locale): string => (locale === "ar" ? "ar-u-nu-latn" : locale);

/** The language the boot script chose before paint. */
const initial = (): Locale => {
  const lang = typeof document === "undefined" ? "en" : document.documentElement.lang;
  return isLocale(lang) ? lang : "en";
};

export const useLocaleStore = create<{ locale: Locale }>()(() => ({ locale: initial() }));
export const useLocale = (): Locale => useLocaleStore((s) => s.locale);
export const currentLocale = (): Locale => useLocaleStore.getState().locale;
