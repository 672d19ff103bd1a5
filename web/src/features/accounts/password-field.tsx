import { Eye, EyeOff } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Field, inputClass } from "@/shared/ui/field";
import { passwordStrength } from "./strength";
import { useT } from "./text";

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: ReactNode;
  autoComplete: "current-password" | "new-password";
}

export function PasswordField({ label, value, onChange, error, hint, autoComplete }: PasswordFieldProps) {
  const t = useCommon();
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} error={error} hint={hint}>
      {({ id, describedBy, invalid }) => (
        <div className="relative">
          <input
            id={id} name="password" type={shown ? "text" : "password"} dir="ltr" value={value} onChange={(e) => onChange(e.target.value)} autoComplete={autoComplete} aria-describedby={describedBy} aria-invalid={invalid} required
            className={cx(inputClass, "pe-12 rtl:text-end")}
          />
          <IconButton label={t(shown ? "password.hide" : "password.show")} aria-pressed={shown} onClick={() => setShown(!shown)} className="absolute end-0 top-0">
            {shown ? <EyeOff className="size-4.5" aria-hidden="true" /> : <Eye className="size-4.5" aria-hidden="true" />}
          </IconButton>
        </div>
      )}
    </Field>
  );
}

const tones = ["bg-bad", "bg-bad", "bg-warn", "bg-ok", "bg-ok"] as const;

/** Four steps, a word, and what is still missing; never colour alone. */
export function StrengthMeter({ password, known }: { password: string; known: readonly string[] }) {
  const t = useT();
  if (!password) return <>{t("strength.hint")}</>;
  const { level, missing } = passwordStrength(password, known);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex gap-1" role="meter" aria-label={t("strength.label")} aria-valuemin={0} aria-valuemax={4} aria-valuenow={level} aria-valuetext={t(`strength.${level}`)}>
        {[1, 2, 3, 4].map((step) => <span key={step} className={cx("h-1 flex-1 rounded-full transition-colors", step <= Math.max(level, 1) ? tones[level] : "bg-surface-3")} />)}
      </div>
      <span>{t(`strength.${level}`)}{missing > 0 && `. ${t("strength.short", { count: missing })}`}</span>
    </div>
  );
}
