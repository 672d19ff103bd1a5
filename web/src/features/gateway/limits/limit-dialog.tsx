import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { Limit, LimitWindow, Meter } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Choice, SelectField, SuggestField, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { useT } from "../console/text";
import { stateOf } from "../keys/key-form";
import { keysQuery } from "../keys/queries";
import { modelsQuery } from "../queries";
import { plans } from "../routes/route-form";
import { amountOf, draftOf, emptyLimit, limitKinds, meters, requestOf, windows, type LimitDraft, type LimitKind } from "./limit-form";
import { useSubjectNames } from "./names";
import { PartyField } from "./party-field";
import { createLimit, limitsKey, updateLimit } from "./queries";

interface LimitDialogProps {
  /** The limit to change; null makes one. */
  edited: Limit | null;
  /** Whom a new one holds for, to begin with. */
  subject?: Pick<LimitDraft, "kind" | "subject">;
  userId: string;
  onClose: () => void;
}

/** Sets a limit, or changes how much it allows: whom it holds for and what it counts stay as they are. */
export function LimitDialog({ edited, subject, userId, onClose }: LimitDialogProps) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const nameOf = useSubjectNames();
  const [draft, setDraft] = useState<LimitDraft>(() => (edited ? draftOf(edited) : { ...emptyLimit, ...subject }));
  const [tried, setTried] = useState(false);
  const set = (part: Partial<LimitDraft>): void => setDraft((d) => ({ ...d, ...part }));
  const amount = amountOf(draft);
  const save = useMutation({
    mutationFn: (wanted: number) => (edited ? updateLimit(edited.id, { amount: wanted, action: draft.action, version: edited.version }) : createLimit(requestOf(draft, wanted))),
    onSuccess: onClose,
    onSettled: () => queryClient.invalidateQueries({ queryKey: limitsKey }),
  });
  const fault = isApiError(save.error) ? save.error : null;
  const needsSubject = !edited && draft.kind !== "all" && !draft.subject.trim();
  const subjectError = tried && needsSubject ? t(draft.kind === "route" ? "limit.route.needed" : draft.kind === "key" ? "limit.key.none" : "limit.party.needed") : fault?.field("subject");
  const amountError = tried && amount === null ? t("limit.amount.needed") : fault?.field("amount");
  const submit = (): void => {
    setTried(true);
    if (amount !== null && !needsSubject) save.mutate(amount);
  };
  return (
    <Dialog open onClose={onClose} title={edited ? t("limit.edit", { name: nameOf(edited) }) : t("limit.new")}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        {edited ? (
          <p className="text-ink-2">{t(`meter.${edited.meter}`)}{edited.window !== "none" && ` ${t(`window.${edited.window}`)}`}</p>
        ) : (
          <>
            <Subject draft={draft} error={subjectError} userId={userId} onChange={set} />
            <div className="grid gap-4 sm:grid-cols-2">
              <SelectField label={t("limit.meter")} value={draft.meter} onChange={(e) => set({ meter: e.target.value as Meter })}>{meters.map((m) => <option key={m} value={m}>{t(`meter.${m}`)}</option>)}</SelectField>
              {draft.meter !== "streams" && (
                <SelectField label={t("limit.window")} value={draft.window} onChange={(e) => set({ window: e.target.value as LimitWindow })} error={fault?.field("window")}>
                  {[...windows, "none" as const].map((w) => <option key={w} value={w}>{t(`limit.window.${w}`)}</option>)}
                </SelectField>
              )}
            </div>
          </>
        )}
        <TextField label={t("limit.amount")} hint={draft.meter === "cost" ? t("limit.amount.cost") : undefined} value={draft.amount} onChange={(e) => set({ amount: e.target.value })} type="number" min={0} step="any" inputMode="decimal" dir="ltr" className="rtl:text-end" required error={amountError} autoFocus={edited !== null} />
        {draft.meter !== "streams" && <Choice label={t("limit.action")} value={draft.action} onChange={(action) => set({ action })} options={(["stop", "warn"] as const).map((a) => ({ value: a, label: t(`limit.action.${a}`) }))} />}
        {save.error && !subjectError && !amountError && <ErrorNote error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{edited ? common("action.save") : t("limit.make")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Whom the limit holds for. */
function Subject({ draft, error, userId, onChange }: { draft: LimitDraft; error: string | undefined; userId: string; onChange: (part: Partial<LimitDraft>) => void }) {
  const t = useT();
  const [now] = useState(() => new Date());
  const keys = (useInfiniteQuery(keysQuery).data?.pages.flatMap((page) => page.items) ?? []).filter((key) => stateOf(key, now) === "active");
  const names = (useQuery(modelsQuery).data ?? []).filter((m) => !m.builtIn).map((m) => m.id);
  const choose = (kind: LimitKind): void => onChange({ kind, subject: kind === "key" ? (keys[0]?.id ?? "") : kind === "plan" ? "free" : kind === "user" ? userId : "" });
  const party = draft.kind === "user" || draft.kind === "team" ? draft.kind : null;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField label={t("limit.for")} value={draft.kind} onChange={(e) => choose(e.target.value as LimitKind)} autoFocus>{limitKinds.map((k) => <option key={k} value={k}>{t(`limit.kind.${k}`)}</option>)}</SelectField>
      {draft.kind === "key" && <SelectField label={t("limit.key")} value={draft.subject} onChange={(e) => onChange({ subject: e.target.value })} error={error}>{keys.map((key) => <option key={key.id} value={key.id}>{key.name}</option>)}</SelectField>}
      {party && <PartyField key={party} kind={party} value={draft.subject} error={error} onChange={(subject) => onChange({ subject })} />}
      {draft.kind === "plan" && <SelectField label={t("limit.plan")} value={draft.subject} onChange={(e) => onChange({ subject: e.target.value })} error={error}>{plans.map((p) => <option key={p} value={p}>{t(`plan.${p}`)}</option>)}</SelectField>}
      {draft.kind === "route" && <SuggestField label={t("limit.route")} hint={t("limit.route.hint")} value={draft.subject} onChange={(e) => onChange({ subject: e.target.value })} suggestions={names} error={error} />}
    </div>
  );
}
