import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import type { ConversationChange } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { historyQuery, restoreChange } from "./queries";
import { useT } from "./text";

/** What was changed, by whom, and the way back. */
export default function History({ conversationId }: { conversationId: string }) {
  const t = useT();
  const query = useQuery(historyQuery(conversationId));
  if (!query.data) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={3} />;
  if (query.data.length === 0) return <p className="text-ink-2">{t("history.empty")}</p>;
  return <ol className="w-full overflow-hidden rounded-md border border-line">{query.data.map((change) => <Row key={change.id} conversationId={conversationId} change={change} />)}</ol>;
}

const word = (value: unknown): string => (typeof value === "string" ? value : "");

function Row({ conversationId, change }: { conversationId: string; change: ConversationChange }) {
  const t = useT();
  const locale = useLocale();
  const restore = useMutation({ mutationFn: () => restoreChange(conversationId, change.id) });
  const by = change.byName ?? t("nobody");
  const whom = change.whom ?? t("nobody");
  const role = word(change.after?.["role"] ?? change.before?.["role"]);
  const said = {
    title: () => t("change.title", { by, before: word(change.before?.["title"]), after: word(change.after?.["title"]) }),
    settings: () => t("change.settings", { by }),
    pruned: () => t("change.pruned", { by, title: word(change.after?.["title"]) }),
    joined: () => t("change.joined", { whom, role: t(`role.${role as "view"}`) }),
    role: () => t("change.role", { by, whom, role: t(`role.${role as "view"}`) }),
    left: () => (change.by === word(change.before?.["userId"]) ? t("change.left", { whom }) : t("change.out", { by, whom })),
  }[change.kind]();
  return (
    <li className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <p dir="auto" className="wrap-anywhere">{said}</p>
        <p className="text-sm text-ink-2">{formatDate(change.at, locale)}</p>
      </div>
      {change.canRestore && <Button look="plain" busy={restore.isPending} onClick={() => restore.mutate()}><Undo2 className="size-4 rtl:-scale-x-100" aria-hidden="true" />{t("restore")}</Button>}
      {restore.error && <ErrorNote error={restore.error} />}
    </li>
  );
}
