import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { AlertRule } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { Switch } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { withUndo } from "@/shared/ui/undo";
import { useT } from "../console/text";
import { AlertDialog } from "./alert-dialog";
import { changeOf } from "./alert-form";
import { AlertHistory } from "./alert-history";
import { alertRulesKey, alertRulesQuery, alertsKey, changeAlertRule, deleteAlertRule } from "./queries";
import { useAlertWords } from "./words";

/** What the owner is told of, and what they were told of lately. */
export function AlertRules() {
  const t = useT();
  const rules = useQuery(alertRulesQuery);
  const [open, setOpen] = useState<AlertRule | "new" | null>(null);
  // Those under way to be deleted stay hidden though the list is read again.
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const shown = rules.data?.filter((rule) => !leaving.has(rule.id));
  const mark = (id: string, gone: boolean): void => setLeaving((ids) => new Set(gone ? [...ids, id] : [...ids].filter((each) => each !== id)));
  return (
    <Card title={t("alerts")} text={t("alerts.text")} aside={<Button onClick={() => setOpen("new")}><Plus className="size-4" aria-hidden="true" />{t("rule.new")}</Button>}>
      {!shown ? (rules.error ? <ErrorNote error={rules.error} retry={() => void rules.refetch()} /> : <Skeleton rows={2} />)
        : shown.length === 0 ? <p className="py-3 text-ink-2">{t("rules.none")}</p>
          : <ul className="-mt-3">{shown.map((rule) => <Row key={rule.id} rule={rule} onEdit={() => setOpen(rule)} onLeave={(gone) => mark(rule.id, gone)} />)}</ul>}
      <AlertHistory />
      {open && <AlertDialog edited={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function Row({ rule, onEdit, onLeave }: { rule: AlertRule; onEdit: () => void; onLeave: (gone: boolean) => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const words = useAlertWords();
  const name = `${words.of(rule)}: ${words.rule(rule)}`;
  const turn = useMutation({
    mutationFn: (enabled: boolean) => changeAlertRule(rule.id, changeOf(rule, { enabled })),
    onMutate: async (enabled) => {
      await queryClient.cancelQueries({ queryKey: alertRulesKey });
      const before = queryClient.getQueryData(alertRulesQuery.queryKey);
      queryClient.setQueryData(alertRulesQuery.queryKey, (all) => all?.map((each) => (each.id === rule.id ? { ...each, enabled } : each)));
      return before;
    },
    onError: (_, __, before) => queryClient.setQueryData(alertRulesQuery.queryKey, before),
    onSettled: () => queryClient.invalidateQueries({ queryKey: alertRulesKey }),
  });
  const remove = (): void => withUndo({
    text: t("rule.removed"),
    hide: () => onLeave(true),
    show: () => onLeave(false),
    run: async () => {
      await deleteAlertRule(rule.id);
      await Promise.all([queryClient.invalidateQueries({ queryKey: alertRulesKey }), queryClient.invalidateQueries({ queryKey: alertsKey })]);
    },
  });
  return (
    <li className="border-b border-line py-2">
      <div className="flex flex-wrap items-center gap-x-4">
        <div className="min-w-0 flex-1 basis-72">
          <Switch label={name} hint={`${t("rule.minutes", { count: rule.windowMinutes })} · ${t("rule.calls", { count: rule.minCalls })}`} checked={rule.enabled} onChange={(enabled) => { if (!turn.isPending) turn.mutate(enabled); }} />
        </div>
        <div className="flex max-sm:ms-auto">
          <IconButton label={t("rule.edit", { name })} onClick={onEdit}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
          <IconButton label={t("rule.remove", { name })} onClick={remove}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
        </div>
      </div>
      {turn.error && <ErrorNote error={turn.error} className="my-2" />}
    </li>
  );
}
