import { useId } from "react";
import { TextField } from "@/shared/ui/field";
import { cx } from "@/shared/ui/cx";
import { leastLetters, strengthOf } from "./crypto";
import { useT } from "./text";

export interface NewPassphrase {
  first: string;
  second: string;
}
export const nothingTyped: NewPassphrase = { first: "", second: "" };
export const isGood = ({ first, second }: NewPassphrase): boolean => strengthOf(first) > 1 && first === second;

const tones = ["bg-bad", "bg-bad", "bg-warn", "bg-ok"] as const;

/** A new passphrase, twice, and how hard it is to guess. */
export function PassphraseFields({ value, tried, onChange }: { value: NewPassphrase; tried: boolean; onChange: (value: NewPassphrase) => void }) {
  const t = useT();
  const id = useId();
  const strength = strengthOf(value.first);
  return (
    <>
      <div className="flex flex-col gap-2">
        <TextField
          label={t("passphrase.new")} hint={t("passphrase.hint", { count: leastLetters })} error={tried && strength < 2 ? t("passphrase.weak") : undefined} type="password" autoComplete="new-password" dir="auto" maxLength={1_000}
          value={value.first} aria-describedby={id} onChange={(e) => onChange({ ...value, first: e.target.value })}
        />
        {value.first && (
          <p id={id} role="status" className="flex items-center gap-2 text-sm text-ink-2">
            <span className="flex w-24 gap-1" aria-hidden="true">{[1, 2, 3].map((step) => <span key={step} className={cx("h-1.5 flex-1 rounded-full", strength >= step ? tones[strength] : "bg-surface-3")} />)}</span>
            {t(`strength.${strength}`)}
          </p>
        )}
      </div>
      <TextField label={t("passphrase.again")} error={tried && value.first !== value.second ? t("passphrase.differs") : undefined} type="password" autoComplete="new-password" dir="auto" maxLength={1_000} value={value.second} onChange={(e) => onChange({ ...value, second: e.target.value })} />
    </>
  );
}
