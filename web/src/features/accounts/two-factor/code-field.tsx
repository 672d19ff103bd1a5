import { cx } from "@/shared/ui/cx";
import { TextField } from "@/shared/ui/field";
import { useT } from "./text";

interface CodeFieldProps {
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  /** A recovery code instead of the app's six digits. */
  recovery?: boolean;
}

/** The one field of a second factor. Phones offer digits for the app's code, and letters too for a recovery code. */
export function CodeField({ value, onChange, error, recovery = false }: CodeFieldProps) {
  const t = useT();
  return (
    <TextField
      // Another kind of code is another field: the keyboard changes and the focus is there again.
      key={recovery ? "recovery" : "app"}
      label={t(recovery ? "recovery" : "code")} hint={t(recovery ? "recovery.hint" : "code.hint")} error={error} name="code" value={value} onChange={(e) => onChange(e.target.value)}
      inputMode={recovery ? "text" : "numeric"} autoComplete={recovery ? "off" : "one-time-code"} autoCapitalize={recovery ? "characters" : "off"} spellCheck={false} maxLength={60} required autoFocus
      dir="ltr" className={cx("font-mono rtl:text-end", recovery ? "tracking-wide" : "tracking-[0.3em]")}
    />
  );
}
