import { Monitor, Moon, Rows2, Rows4, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useCommon } from "@/shared/i18n/common";
import { localeNames, locales, useLocale } from "@/shared/i18n/locale";
import { usePreferences } from "@/shared/theme/store";
import { setPreferences } from "@/shared/theme/sync";
import { Choice, Switch } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { useT } from "./text";

const stillQuery = "(prefers-reduced-motion: reduce)";
const followStill = (changed: () => void): (() => void) => {
  const query = matchMedia(stillQuery);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
};

export function AppearancePage() {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const { theme, density, showAvatar, skillsFirst } = usePreferences();
  const still = useSyncExternalStore(followStill, () => matchMedia(stillQuery).matches);
  const icon = "size-4";
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("appearance")} />
      <Card>
        <Choice label={common("language")} value={locale} options={locales.map((l) => ({ value: l, label: localeNames[l] }))} onChange={(l) => void setPreferences({ locale: l })} />
        <p className="mt-2 text-sm text-ink-2">{t("language.hint")}</p>
      </Card>
      <Card>
        <div className="flex flex-col gap-6">
          <Choice label={t("theme")} value={theme} onChange={(v) => void setPreferences({ theme: v })} options={[
            { value: "system", label: t("theme.system"), icon: <Monitor className={icon} aria-hidden="true" /> },
            { value: "light", label: t("theme.light"), icon: <Sun className={icon} aria-hidden="true" /> },
            { value: "dark", label: t("theme.dark"), icon: <Moon className={icon} aria-hidden="true" /> },
          ]} />
          <Choice label={t("density")} value={density} onChange={(v) => void setPreferences({ density: v })} options={[
            { value: "comfortable", label: t("density.comfortable"), icon: <Rows2 className={icon} aria-hidden="true" /> },
            { value: "compact", label: t("density.compact"), icon: <Rows4 className={icon} aria-hidden="true" /> },
          ]} />
        </div>
      </Card>
      <Card>
        <div className="flex flex-col gap-4">
          <Switch label={t("avatar")} hint={t("avatar.hint")} checked={showAvatar} onChange={(on) => void setPreferences({ showAvatar: on })} />
          <Switch label={t("skills")} hint={t("skills.hint")} checked={skillsFirst} onChange={(on) => void setPreferences({ skillsFirst: on })} />
          <p className="text-sm text-ink-2">{t(still ? "motion.on" : "motion.off")}</p>
        </div>
      </Card>
    </div>
  );
}
