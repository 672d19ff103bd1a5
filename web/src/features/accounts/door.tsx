import type { ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { localeNames, locales, useLocale, type Locale } from "@/shared/i18n/locale";
import { setPreferences } from "@/shared/theme/sync";
import { PageTitle } from "@/shared/ui/page";
import { useT } from "./text";

/** The page before the house: a form, and beside it who waits inside. */
export function Door({ title, text, mark, portrait, children }: { title: string; text?: string; mark: ReactNode; portrait: ReactNode; children: ReactNode }) {
  const t = useT();
  const common = useCommon();
  return (
    <div className="flex h-dvh overflow-y-auto">
      <main className="mx-auto flex min-h-full w-full max-w-md flex-col px-6 py-8 sm:px-10">
        <div className="flex items-center gap-2.5">{mark}<span className="text-lg font-semibold tracking-tight">{common("app.name")}</span></div>
        <div className="my-auto py-10">
          <PageTitle title={title} className="text-3xl" />
          {text && <p className="mt-2 text-ink-2">{text}</p>}
          <div className="mt-8">{children}</div>
        </div>
        <LanguageSwitch label={common("language")} />
      </main>
      <aside className="relative m-3 hidden flex-1 items-end justify-center overflow-hidden rounded-xl bg-jean-soft lg:flex" aria-hidden="true">
        {portrait}
        <p className="frosted absolute inset-x-8 bottom-8 mx-auto max-w-md rounded-lg px-6 py-4 text-center text-lg font-medium">{t("door.tagline")}</p>
      </aside>
    </div>
  );
}

// Each name is in the system's own letters: four scripts of web fonts for four words would be half of the page.
function LanguageSwitch({ label }: { label: string }) {
  const locale = useLocale();
  const choose = (next: Locale): void => void setPreferences({ locale: next });
  return (
    <div role="group" aria-label={label} className="-mx-3 flex flex-wrap gap-x-1">
      {locales.map((l) => (
        <button key={l} type="button" lang={l} aria-pressed={l === locale} onClick={() => choose(l)} className="min-h-11 rounded-md px-3 font-[system-ui] text-sm text-ink-2 hover:text-ink-1 aria-pressed:font-semibold aria-pressed:text-ink-1">
          {localeNames[l]}
        </button>
      ))}
    </div>
  );
}
