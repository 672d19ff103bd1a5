import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Template } from "@/shared/api/types";
import { useLocale } from "@/shared/i18n/locale";
import { setDraft, newChat } from "../store";
import { FillDialog } from "./fill-dialog";
import { templatesQuery } from "./queries";
import { useT } from "./text";

const shown = 6;

/** One prompt of each field, one's own first, to begin a conversation with. */
export default function Starters() {
  const t = useT();
  const { data } = useQuery(templatesQuery(useLocale()));
  const [filling, setFilling] = useState<Template | null>(null);
  if (!data) return null;
  const use = (text: string): void => {
    setFilling(null);
    setDraft(newChat, text);
    document.querySelector<HTMLTextAreaElement>("textarea[data-region-start]")?.focus();
  };
  const own = data.filter((template) => template.origin === "own").slice(0, 2);
  const rest = [...Map.groupBy(data.filter((template) => template.origin === "built-in"), (template) => template.trade).values()].map((group) => group[0]!);
  return (
    <div className="mt-4" role="group" aria-label={t("starters")}>
      <p className="flex flex-wrap items-baseline justify-between gap-3 text-sm text-ink-2">{t("starters")}<Link to="/chat/prompts" className="font-medium text-accent-ink">{t("menu.all")}</Link></p>
      <div className="mt-2 flex flex-wrap gap-2">
        {[...own, ...rest].slice(0, shown).map((template) => (
          <button
            key={template.id} type="button" title={template.about} onClick={() => { if (template.variables.length > 0) setFilling(template); else use(template.body); }}
            className="min-h-10 max-w-full rounded-full border border-line bg-surface-1 px-4 py-1.5 text-start text-sm text-ink-2 transition-colors hover:border-jean hover:text-ink-1 pointer-coarse:min-h-11"
          ><bdi>{template.name}</bdi></button>
        ))}
      </div>
      {filling && <FillDialog template={filling} onClose={() => setFilling(null)} onFilled={use} />}
    </div>
  );
}
