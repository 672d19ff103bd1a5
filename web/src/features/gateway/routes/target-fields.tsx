import { useState } from "react";
import { Checks } from "@/shared/ui/checks";
import { cx } from "@/shared/ui/cx";
import { Disclosure } from "@/shared/ui/disclosure";
import { SelectField, SuggestField, TextField } from "@/shared/ui/field";
import { useT } from "../console/text";
import { languages, modalities, plans, type TargetDraft } from "./route-form";
import { RowTools } from "./row-tools";

interface TargetFieldsProps {
  target: TargetDraft;
  index: number;
  count: number;
  weighted: boolean;
  models: readonly string[];
  fieldError: (path: string) => string | undefined;
  onChange: (target: TargetDraft) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export const isConditional = (t: TargetDraft): boolean =>
  t.minTokens !== "" || t.maxTokens !== "" || t.modalities.length > 0 || t.tools !== "any" || t.languages.length > 0 || t.plans.length > 0 || t.from !== "" || t.until !== "" || t.thinking !== "asked";

/** One model of a route: which, how much of it, and when. */
export function TargetFields({ target, index, count, weighted, models, fieldError, onChange, onMove, onRemove }: TargetFieldsProps) {
  const t = useT();
  // Only at first: to empty its last field must not close it.
  const [openAtFirst] = useState(() => isConditional(target));
  const at = `definition.targets[${index}]`;
  const set = (part: Partial<TargetDraft>): void => onChange({ ...target, ...part });
  const name = target.model || t("target.nth", { count: index + 1 });
  return (
    <li className="relative rounded-md border border-line bg-surface-1 p-3">
      <div className="flex items-center justify-between gap-2">
        <span className="text-sm font-medium text-ink-2">{t("target.nth", { count: index + 1 })}</span>
        <RowTools name={name} first={index === 0} last={index === count - 1} onMove={onMove} onRemove={count > 1 ? onRemove : null} />
      </div>
      <div className={cx("mt-1 grid gap-3", weighted && "sm:grid-cols-[1fr_7rem]")}>
        <div><SuggestField label={t("target.model")} value={target.model} onChange={(e) => set({ model: e.target.value })} suggestions={models} placeholder="provider/model" error={fieldError(`${at}.model`)} /></div>
        {weighted && <TextField label={t("target.weight")} value={target.weight} onChange={(e) => set({ weight: e.target.value })} type="number" min={0} max={1000} dir="ltr" error={fieldError(`${at}.weight`)} />}
      </div>
      <Disclosure label={t("target.when")} open={openAtFirst} className="mt-2">
        <div className="mt-1 flex flex-col gap-4 pb-1">
          <div className="grid grid-cols-2 gap-3">
            <TextField label={t("target.minTokens")} value={target.minTokens} onChange={(e) => set({ minTokens: e.target.value })} type="number" min={0} dir="ltr" error={fieldError(`${at}.when.minInputTokens`)} />
            <TextField label={t("target.maxTokens")} value={target.maxTokens} onChange={(e) => set({ maxTokens: e.target.value })} type="number" min={1} dir="ltr" error={fieldError(`${at}.when.maxInputTokens`)} />
            <SelectField label={t("target.tools")} value={target.tools} onChange={(e) => set({ tools: e.target.value as TargetDraft["tools"] })}>{(["any", "only", "without"] as const).map((v) => <option key={v} value={v}>{t(`target.tools.${v}`)}</option>)}</SelectField>
            <SelectField label={t("target.thinking")} value={target.thinking} onChange={(e) => set({ thinking: e.target.value as TargetDraft["thinking"] })}>{(["asked", "on", "off"] as const).map((v) => <option key={v} value={v}>{t(`target.thinking.${v}`)}</option>)}</SelectField>
          </div>
          <Checks label={t("target.modalities")} values={target.modalities} onChange={(v) => set({ modalities: v })} options={modalities.map((v) => ({ value: v, label: t(`modality.${v}`) }))} />
          <Checks label={t("target.languages")} values={target.languages} onChange={(v) => set({ languages: v })} options={languages.map((v) => ({ value: v, label: t(`script.${v}`) }))} />
          <Checks label={t("target.plans")} values={target.plans} onChange={(v) => set({ plans: v })} options={plans.map((v) => ({ value: v, label: t(`plan.${v}`) }))} />
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
            <TextField label={t("target.from")} value={target.from} onChange={(e) => set({ from: e.target.value })} type="time" dir="ltr" />
            <TextField label={t("target.until")} value={target.until} onChange={(e) => set({ until: e.target.value })} type="time" dir="ltr" error={fieldError(`${at}.when.hours.until`)} />
            <TextField label={t("target.zone")} value={target.timeZone} onChange={(e) => set({ timeZone: e.target.value })} dir="ltr" spellCheck={false} error={fieldError(`${at}.when.hours.timeZone`)} />
          </div>
        </div>
      </Disclosure>
    </li>
  );
}
