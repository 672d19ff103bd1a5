import type en from "./locales/en.json";
import { defineText } from "./text";

/** Words every feature uses: buttons, states, errors. */
export const commonText = defineText<typeof en>({
  en: () => import("./locales/en.json"),
  ar: () => import("./locales/ar.json"),
  vi: () => import("./locales/vi.json"),
  ru: () => import("./locales/ru.json"),
});
export const useCommon = commonText.useT;
