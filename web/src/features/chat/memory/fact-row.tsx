import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Pencil, RotateCcw, Trash2, X } from "lucide-react";
import { useState } from "react";
import type { MemoryFact } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { formatAgo } from "@/shared/i18n/time";
import { IconButton } from "@/shared/ui/button";
import { ErrorNote } from "@/shared/ui/states";
import { showToast } from "@/shared/ui/toast";
import { FactDialog } from "./fact-dialog";
import { dismissFact, forgetFact, keepFact, restoreFact } from "./queries";
import { useT } from "./text";

/** One fact, where it comes from, and what can be done with it. */
export function FactRow({ fact, projectName }: { fact: MemoryFact; projectName: string | null }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const [changing, setChanging] = useState(false);
  const act = useMutation({ mutationFn: (run: () => Promise<unknown>) => run() });
  const forget = (): void => act.mutate(async () => {
    await forgetFact(fact.id);
    showToast({ text: t("forgotten"), action: { label: common("action.undo"), run: () => void restoreFact(fact.id).catch(() => undefined) } });
  });
  const { conversationId, messageId } = fact;
  const button = (label: string, Icon: typeof Check, onClick: () => void) => <IconButton label={`${label}: ${fact.text}`} title={label} disabled={act.isPending} onClick={onClick}><Icon className="size-4.5" aria-hidden="true" /></IconButton>;
  return (
    <li className="flex flex-wrap items-start gap-x-2 border-b border-line py-2 ps-4 pe-2 last:border-0">
      <div className="min-w-0 flex-1 basis-56 py-1">
        <p dir="auto" className="wrap-anywhere">{fact.text}</p>
        <p className="flex flex-wrap gap-x-2 text-sm text-ink-2">
          <span>{t(`kind.${fact.kind}`)}</span>
          {projectName && <bdi>· {projectName}</bdi>}
          <span>· <time dateTime={fact.updatedAt}>{formatAgo(fact.updatedAt, common)}</time></span>
          {fact.expiresAt && <span>· {t("until.date", { date: formatDate(fact.expiresAt, locale, { dateStyle: "medium" }) })}</span>}
          {conversationId && (
            <Link
              to="/chat/$conversationId" params={{ conversationId }} className="font-medium text-accent-ink underline-offset-2 hover:underline"
              onClick={() => { if (messageId) void import("..").then(({ jumpTo }) => jumpTo(conversationId, messageId)).catch(() => undefined); }}
            >{t("source")}</Link>
          )}
        </p>
        {act.error && <ErrorNote error={act.error} className="mt-1" />}
      </div>
      <div className="flex">
        {fact.deletedAt ? button(t("restore"), RotateCcw, () => act.mutate(() => restoreFact(fact.id))) : (
          <>
            {fact.state !== "kept" && button(t("keep"), Check, () => act.mutate(() => keepFact(fact.id)))}
            {fact.state === "proposed" && button(t("dismiss"), X, () => act.mutate(() => dismissFact(fact.id)))}
            {fact.state !== "dismissed" && button(common("action.edit"), Pencil, () => setChanging(true))}
            {fact.state !== "proposed" && button(t("forget"), Trash2, forget)}
          </>
        )}
      </div>
      {changing && <FactDialog fact={fact} onClose={() => setChanging(false)} />}
    </li>
  );
}
