import { defineText } from "@/shared/i18n/text";
import type en from "./locales/en.json";

/** The words of private conversations. */
export const text = defineText<typeof en>({
  en: () => import("./locales/en.json"),
  ar: () => import("./locales/ar.json"),
  vi: () => import("./locales/vi.json"),
  ru: () => import("./locales/ru.json"),
});
export const useT = text.useT;
