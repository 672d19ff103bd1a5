import { Checks } from "@/shared/ui/checks";
import { SelectField, TextField } from "@/shared/ui/field";
import { TokenField } from "@/shared/ui/token-field";
import { useT } from "../console/text";
import { dataKinds, guardrailKinds, type GuardrailDraft } from "./route-form";
import { RowTools } from "./row-tools";

interface GuardrailFieldsProps {
  step: GuardrailDraft;
  index: number;
  count: number;
  fieldError: (path: string) => string | undefined;
  onChange: (step: GuardrailDraft) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One step a request or an answer passes. */
export function GuardrailFields({ step, index, count, fieldError, onChange, onMove, onRemove }: GuardrailFieldsProps) {
  const t = useT();
  const at = `definition.guardrails[${index}]`;
  const set = (part: Partial<GuardrailDraft>): void => onChange({ ...step, ...part });
  const name = t("guard.nth", { count: index + 1 });
  return (
    <li className="flex flex-col gap-3 rounded-md border border-line bg-surface-1 p-3">
      <div className="flex items-center justify-between gap-2">
        <span className="text-sm font-medium text-ink-2">{name}</span>
        <RowTools name={name} first={index === 0} last={index === count - 1} onMove={onMove} onRemove={onRemove} />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField label={t("guard.kind")} hint={t(`guard.${step.kind}.text`)} value={step.kind} onChange={(e) => set({ kind: e.target.value as GuardrailDraft["kind"] })}>{guardrailKinds.map((k) => <option key={k} value={k}>{t(`guard.${k}`)}</option>)}</SelectField>
        <SelectField label={t("guard.applies")} value={step.applies} onChange={(e) => set({ applies: e.target.value as GuardrailDraft["applies"] })}>{(["input", "output", "both"] as const).map((a) => <option key={a} value={a}>{t(`guard.applies.${a}`)}</option>)}</SelectField>
      </div>
      {step.kind === "max-size" && <TextField label={t("guard.limit")} value={step.limit} onChange={(e) => set({ limit: e.target.value })} type="number" min={1} dir="ltr" error={fieldError(`${at}.limit`)} />}
      {step.kind === "mask" && <div><Checks label={t("guard.data")} values={step.data} onChange={(v) => set({ data: v })} options={dataKinds.map((k) => ({ value: k, label: t(`data.${k}`) }))} /><p className="mt-1.5 text-sm text-ink-2">{t("guard.data.hint")}</p></div>}
      {step.kind !== "max-size" && (
        <>
          <TokenField label={t("guard.words")} hint={t("guard.words.hint")} values={step.words} onChange={(v) => set({ words: v })} dir="auto" error={fieldError(`${at}.words`) ?? fieldError(`${at}.words[0]`)} />
          <TokenField label={t("guard.patterns")} hint={t("guard.patterns.hint")} values={step.patterns} onChange={(v) => set({ patterns: v })} splits={false} error={step.patterns.map((_, i) => fieldError(`${at}.patterns[${i}]`)).find(Boolean)} />
        </>
      )}
      {step.kind !== "mask" && <TextField label={t("guard.message")} value={step.message} onChange={(e) => set({ message: e.target.value })} maxLength={300} dir="auto" />}
    </li>
  );
}
