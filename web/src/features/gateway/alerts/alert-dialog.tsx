import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { AlertRule, AlertSubjectKind } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Choice, SelectField, SuggestField, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { useT } from "../console/text";
import { modelsQuery, providersQuery } from "../queries";
import { areSound, changeOf, draftOf, emptyRule, needsSubject, numbersOf, requestOf, ruleKinds, ruleSubjects, type RuleDraft } from "./alert-form";
import { alertRulesKey, alertsKey, changeAlertRule, createAlertRule } from "./queries";
import { useAlertWords } from "./words";

const numeric = { type: "number", inputMode: "decimal", dir: "ltr", className: "rtl:text-end", required: true } as const;

/** Makes a rule, or changes when it speaks up: what it watches, and for whom, stay as they are. */
export function AlertDialog({ edited, onClose }: { edited: AlertRule | null; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const words = useAlertWords();
  const [draft, setDraft] = useState<RuleDraft>(() => (edited ? draftOf(edited) : emptyRule));
  const [tried, setTried] = useState(false);
  const set = (part: Partial<RuleDraft>): void => setDraft((d) => ({ ...d, ...part }));
  const numbers = numbersOf(draft);
  const save = useMutation({
    mutationFn: (sound: Parameters<typeof requestOf>[1]) => (edited ? changeAlertRule(edited.id, changeOf(edited, sound)) : createAlertRule(requestOf(draft, sound))),
    onSuccess: onClose,
    onSettled: () => Promise.all([queryClient.invalidateQueries({ queryKey: alertRulesKey }), queryClient.invalidateQueries({ queryKey: alertsKey })]),
  });
  const fault = isApiError(save.error) ? save.error : null;
  const lacksSubject = !edited && needsSubject(draft);
  const errors = {
    subject: tried && lacksSubject ? t(draft.subjectKind === "route" ? "limit.route.needed" : "rule.provider.none") : fault?.field("subject"),
    threshold: tried && numbers.threshold === null ? t(draft.kind === "errors" ? "rule.percent.needed" : "rule.seconds.needed") : fault?.field("threshold"),
    minutes: tried && numbers.windowMinutes === null ? t("rule.window.needed") : fault?.field("windowMinutes"),
    calls: tried && numbers.minCalls === null ? t("rule.least.needed") : fault?.field("minCalls"),
  };
  const submit = (): void => {
    setTried(true);
    if (areSound(numbers) && !lacksSubject) save.mutate(numbers);
  };
  return (
    <Dialog open onClose={onClose} title={edited ? t("rule.edit", { name: words.of(edited) }) : t("rule.new")}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        {edited ? <p className="text-ink-2">{t(`rule.kind.${edited.kind}`)}</p> : (
          <>
            <Subject draft={draft} error={errors.subject} onChange={set} />
            <Choice label={t("rule.kind")} value={draft.kind} onChange={(kind) => set({ kind })} options={ruleKinds.map((kind) => ({ value: kind, label: t(`rule.kind.${kind}`) }))} />
          </>
        )}
        {draft.kind === "errors"
          ? <TextField {...numeric} label={t("rule.percent")} hint={t("rule.percent.hint")} value={draft.percent} onChange={(e) => set({ percent: e.target.value })} min={0.1} max={100} step="any" error={errors.threshold} autoFocus={edited !== null} />
          : <TextField {...numeric} label={t("rule.seconds")} hint={t("rule.seconds.hint")} value={draft.seconds} onChange={(e) => set({ seconds: e.target.value })} min={0} max={3600} step="any" error={errors.threshold} autoFocus={edited !== null} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField {...numeric} label={t("rule.window")} value={draft.minutes} onChange={(e) => set({ minutes: e.target.value })} min={1} max={1440} step={1} inputMode="numeric" error={errors.minutes} />
          <TextField {...numeric} label={t("rule.least")} hint={t("rule.least.hint")} value={draft.calls} onChange={(e) => set({ calls: e.target.value })} min={1} max={1_000_000} step={1} inputMode="numeric" error={errors.calls} />
        </div>
        {save.error && !Object.values(errors).some(Boolean) && <ErrorNote error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{edited ? common("action.save") : t("rule.make")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Whose calls are watched. */
function Subject({ draft, error, onChange }: { draft: RuleDraft; error: string | undefined; onChange: (part: Partial<RuleDraft>) => void }) {
  const t = useT();
  const names = (useQuery(modelsQuery).data ?? []).filter((m) => !m.builtIn).map((m) => m.id);
  const providers = useQuery(providersQuery).data ?? [];
  const choose = (subjectKind: AlertSubjectKind): void => onChange({ subjectKind, subject: subjectKind === "provider" ? (providers[0]?.slug ?? "") : "" });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField label={t("limit.for")} value={draft.subjectKind} onChange={(e) => choose(e.target.value as AlertSubjectKind)} autoFocus>{ruleSubjects.map((kind) => <option key={kind} value={kind}>{t(`rule.for.${kind}`)}</option>)}</SelectField>
      {draft.subjectKind === "route" && <SuggestField label={t("limit.route")} value={draft.subject} onChange={(e) => onChange({ subject: e.target.value })} suggestions={names} error={error} />}
      {draft.subjectKind === "provider" && <SelectField label={t("speeds.provider")} value={draft.subject} onChange={(e) => onChange({ subject: e.target.value })} error={error}>{providers.map((p) => <option key={p.slug} value={p.slug}>{p.name}</option>)}</SelectField>}
    </div>
  );
}
