import { useState } from "react";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass } from "@/shared/ui/field";
import { reasons, type Reason } from "./queries";
import { useT } from "./text";

const longest = 4_000;

function Words({ label, value, onChange, focus = false }: { label: string; value: string; onChange: (value: string) => void; focus?: boolean }) {
  return (
    <Field label={label}>
      {({ id }) => <textarea id={id} rows={4} autoFocus={focus} maxLength={longest} value={value} dir={value ? "auto" : undefined} onChange={(e) => onChange(e.target.value)} className={cx(inputClass, "py-2.5")} />}
    </Field>
  );
}

/** A note's words, new or changed. */
export function NoteDialog({ words: before = "", about, onSave, onClose }: { words?: string; about?: string; onSave: (words: string) => Promise<boolean>; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const [words, setWords] = useState(before);
  const save = (): void => {
    if (!words.trim()) return;
    void onSave(words.trim());
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t(before ? "note.change" : "note.add")}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); save(); }}>
        {about && <blockquote dir="auto" className="line-clamp-3 border-s-2 border-line-strong ps-3 text-ink-2">{about}</blockquote>}
        <Words label={t("note.words")} value={words} onChange={setWords} focus />
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button look="primary" type="submit" disabled={!words.trim()}>{common("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Why an answer is good or bad. The rating itself is sent already; this may be left out. */
export function RatingDialog({ value, onSave, onClose }: { value: "up" | "down"; onSave: (more: { reason?: Reason; words?: string }) => Promise<boolean>; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const [reason, setReason] = useState<Reason | null>(null);
  const [words, setWords] = useState("");
  const save = (): void => {
    if (reason || words.trim()) void onSave({ ...(reason ? { reason } : {}), ...(words.trim() ? { words: words.trim() } : {}) });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={t(`rate.${value}.title`)}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); save(); }}>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{t("rate.why")}</legend>
          <div className="flex flex-wrap gap-2">
            {reasons[value].map((one) => (
              <button key={one} type="button" aria-pressed={reason === one} onClick={() => setReason(reason === one ? null : one)} className={cx("min-h-10 rounded-full border px-4 text-sm pointer-coarse:min-h-11", reason === one ? "border-jean bg-jean-soft text-jean-ink" : "border-line bg-surface-1 text-ink-2 hover:text-ink-1")}>
                {t(`reason.${one}`)}
              </button>
            ))}
          </div>
        </fieldset>
        <Words label={t("rate.words")} value={words} onChange={setWords} />
        <p className="text-sm text-ink-2">{t("rate.privacy")}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{t("rate.skip")}</Button>
          <Button look="primary" type="submit">{common("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
