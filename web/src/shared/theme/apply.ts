import type { Preferences } from "@/shared/api/types";
import { usePreferences } from "./store";

const night = typeof matchMedia === "undefined" ? null : matchMedia("(prefers-color-scheme: dark)");

export const isDark = (theme: Preferences["theme"]): boolean => theme === "dark" || (theme === "system" && (night?.matches ?? false));

function apply({ theme, density }: Pick<Preferences, "theme" | "density">): void {
  const root = document.documentElement;
  const dark = isDark(theme);
  root.dataset["theme"] = dark ? "dark" : "light";
  root.dataset["density"] = density;
  document.querySelector<HTMLMetaElement>("meta[name=theme-color]")?.setAttribute("content", dark ? "#161a22" : "#fbfaf8");
}

/** Keeps the attributes on `<html>` true to the preferences and to the system. */
export function followTheme(): () => void {
  const update = (): void => apply(usePreferences.getState());
  update();
  night?.addEventListener("change", update);
  const stop = usePreferences.subscribe(update);
  return () => {
    night?.removeEventListener("change", update);
    stop();
  };
}
