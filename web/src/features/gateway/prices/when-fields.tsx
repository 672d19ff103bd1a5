import { Choice, TextField } from "@/shared/ui/field";
import type { WhenDraft } from "./price-form";
import { useT } from "./text";

/** At once, or from a moment to come. */
export function WhenFields({ label, draft, error, onChange }: { label: string; draft: WhenDraft; error: string | undefined; onChange: (part: Partial<WhenDraft>) => void }) {
  const t = useT();
  return (
    <div className="flex flex-col gap-3">
      <Choice label={label} value={draft.when} onChange={(when) => onChange({ when })} options={(["now", "date"] as const).map((when) => ({ value: when, label: t(`when.${when}`) }))} />
      {draft.when === "date" && <TextField label={t("when.at")} hint={t("when.at.hint")} type="datetime-local" value={draft.at} onChange={(e) => onChange({ at: e.target.value })} dir="ltr" className="rtl:text-end" required error={error} />}
    </div>
  );
}
