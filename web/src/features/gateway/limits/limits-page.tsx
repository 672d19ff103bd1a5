import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Gauge as GaugeIcon, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Limit } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { Card } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { withUndo } from "@/shared/ui/undo";
import { AlertRules } from "../alerts/alert-rules";
import { PageHead } from "../console/frame";
import { useT } from "../console/text";
import { Gauge } from "./gauge";
import { LimitDialog } from "./limit-dialog";
import { useSubjectNames } from "./names";
import { deleteLimit, limitsKey, limitsQuery } from "./queries";

export function LimitsPage({ userId }: { userId: string }) {
  const t = useT();
  const limits = useQuery(limitsQuery);
  const [open, setOpen] = useState<Limit | "new" | null>(null);
  // Those under way to be deleted stay hidden though the list is read again and again.
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const shown = limits.data?.filter((limit) => !leaving.has(limit.id));
  const mark = (id: string, gone: boolean): void => setLeaving((ids) => new Set(gone ? [...ids, id] : [...ids].filter((each) => each !== id)));
  return (
    <>
      <PageHead title={t("tab.limits")} text={t("limits.intro")}>
        <Button look="primary" onClick={() => setOpen("new")}><Plus className="size-4" aria-hidden="true" />{t("limit.new")}</Button>
      </PageHead>
      <Card>
        {!shown ? (limits.error ? <ErrorNote error={limits.error} retry={() => void limits.refetch()} /> : <Skeleton rows={4} />)
          : shown.length === 0 ? <EmptyState icon={GaugeIcon} title={t("limits.none")} text={t("limits.none.text")}><Button look="primary" onClick={() => setOpen("new")}>{t("limit.new")}</Button></EmptyState>
            : <ul className="-my-5">{shown.map((limit) => <Row key={limit.id} limit={limit} onEdit={() => setOpen(limit)} onLeave={(gone) => mark(limit.id, gone)} />)}</ul>}
      </Card>
      <AlertRules />
      {open && <LimitDialog edited={open === "new" ? null : open} userId={userId} onClose={() => setOpen(null)} />}
    </>
  );
}

function Row({ limit, onEdit, onLeave }: { limit: Limit; onEdit: () => void; onLeave: (gone: boolean) => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const name = useSubjectNames()(limit);
  const remove = (): void => withUndo({
    text: t("limit.removed"),
    hide: () => onLeave(true),
    show: () => onLeave(false),
    run: async () => {
      await deleteLimit(limit.id);
      await queryClient.invalidateQueries({ queryKey: limitsKey });
    },
  });
  return (
    <li className="flex flex-wrap items-start gap-x-4 border-b border-line py-4 last:border-0">
      <div className="min-w-0 flex-1 basis-64">
        <Gauge limit={limit} title={name} />
      </div>
      <div className="-my-1.5 flex max-sm:ms-auto">
        <IconButton label={t("limit.edit", { name })} onClick={onEdit}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
        <IconButton label={t("limit.remove", { name })} onClick={remove}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
      </div>
    </li>
  );
}
