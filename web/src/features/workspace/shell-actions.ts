import { useNavigate } from "@tanstack/react-router";
import { Contrast, Globe, Keyboard, LogOut, PanelRight, Rows3, Search } from "lucide-react";
import { useMemo } from "react";
import { useActions, type Action } from "@/shared/actions/actions";
import { localeNames, locales } from "@/shared/i18n/locale";
import type { Part } from "@/shared/parts/part";
import { signOut } from "@/shared/session/sign-out";
import { isDark } from "@/shared/theme/apply";
import { usePreferences } from "@/shared/theme/store";
import { setPreferences } from "@/shared/theme/sync";
import { cycleRegions } from "@/shared/ui/regions";
import { openPalette, toggleDock, useOverlays } from "./layout-store";
import { text } from "./text";

/** What can be done from everywhere. */
export function useShellActions(parts: readonly Part[]): void {
  const navigate = useNavigate();
  const actions = useMemo((): Action[] => {
    const t = text.t;
    const general = () => t("keys.general");
    const go = () => t("palette.go");
    return [
      { id: "shell.palette", title: () => t("nav.search"), keys: "mod+k", icon: Search, group: general, whileTyping: true, hidden: true, run: openPalette },
      { id: "shell.keys", title: () => t("keys.open"), keys: "?", icon: Keyboard, group: general, run: () => useOverlays.setState({ keys: true }) },
      { id: "shell.jean", title: () => t("dock.open"), keys: "mod+j", icon: PanelRight, group: general, whileTyping: true, run: toggleDock },
      { id: "shell.nextRegion", title: () => t("keys.nextRegion"), keys: "f6", group: general, whileTyping: true, hidden: true, run: () => cycleRegions(1) },
      { id: "shell.previousRegion", title: () => t("keys.previousRegion"), keys: "shift+f6", group: general, whileTyping: true, hidden: true, run: () => cycleRegions(-1) },
      ...parts.map((part): Action => ({
        id: `go.${part.id}`, title: () => t("command.goTo", { part: part.label() }), icon: part.icon, group: go, ...(part.keys ? { keys: part.keys } : {}), run: () => navigate({ to: part.to }),
      })),
      { id: "shell.theme", title: () => t("command.theme"), icon: Contrast, group: general, keys: "mod+shift+l", words: "dark light theme", run: () => setPreferences({ theme: isDark(usePreferences.getState().theme) ? "light" : "dark" }) },
      { id: "shell.density", title: () => t("command.density"), icon: Rows3, group: general, words: "density compact", run: () => setPreferences({ density: usePreferences.getState().density === "compact" ? "comfortable" : "compact" }) },
      ...locales.map((locale): Action => ({
        id: `shell.language.${locale}`, title: () => t("command.language", { language: localeNames[locale] }), icon: Globe, group: general, words: `language ${locale} ${localeNames[locale]}`, run: () => setPreferences({ locale }),
      })),
      { id: "shell.signOut", title: () => t("nav.signOut"), icon: LogOut, group: general, words: "sign out log out", run: signOut },
    ];
  }, [parts, navigate]);
  useActions(actions);
}
