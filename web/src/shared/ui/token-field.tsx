import { X } from "lucide-react";
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { cx } from "./cx";
import { Field } from "./field";

interface TokenFieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  values: readonly string[];
  onChange: (values: string[]) => void;
  suggestions?: readonly string[];
  placeholder?: string;
  /** Machine names are left to right; words of people go as they are. */
  dir?: "ltr" | "auto";
  /** Off where a value may have a comma in it. */
  splits?: boolean;
}

/** Several short values: Enter or a comma adds one, Backspace takes the last back. */
export function TokenField({ label, hint, error, values, onChange, suggestions = [], placeholder, dir = "ltr", splits = true }: TokenFieldProps) {
  const t = useCommon();
  const list = useId();
  const [typed, setTyped] = useState("");
  const add = (text: string): void => {
    const fresh = (splits ? text.split(",") : [text]).map((v) => v.trim()).filter((v) => v !== "" && !values.includes(v));
    if (fresh.length > 0) onChange([...values, ...new Set(fresh)]);
    setTyped("");
  };
  const keyDown = (e: KeyboardEvent): void => {
    if (e.nativeEvent.isComposing) return;
    if (e.key === "Enter" && typed.trim()) {
      e.preventDefault();
      add(typed);
    } else if (e.key === "Backspace" && typed === "" && values.length > 0) onChange(values.slice(0, -1));
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <div dir={dir === "ltr" ? "ltr" : undefined} className="flex min-h-row w-full flex-wrap items-center gap-1.5 rounded-md border border-line-strong bg-surface-1 p-1.5 transition-colors hover:border-ink-3 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent-ink">
          {values.map((value) => (
            <span key={value} className="inline-flex max-w-full items-center rounded-sm bg-surface-2 ps-2 text-sm">
              <span dir={dir} className={cx("truncate", dir === "ltr" && "font-mono")}>{value}</span>
              <button type="button" aria-label={t("action.removeItem", { name: value })} onClick={() => onChange(values.filter((v) => v !== value))} className="grid size-7 shrink-0 place-items-center rounded-sm text-ink-2 hover:text-ink-1 pointer-coarse:size-11"><X className="size-3.5" aria-hidden="true" /></button>
            </span>
          ))}
          <input
            id={id} aria-describedby={describedBy} aria-invalid={invalid} value={typed} dir={dir} list={suggestions.length > 0 ? list : undefined} placeholder={values.length === 0 ? placeholder : undefined}
            spellCheck={dir === "auto"} autoCapitalize="off" autoComplete="off" onKeyDown={keyDown} onBlur={() => add(typed)}
            // A suggestion that was picked arrives whole.
            onChange={(e) => ((splits && e.target.value.includes(",")) || suggestions.includes(e.target.value) ? add(e.target.value) : setTyped(e.target.value))}
            className={cx("min-h-7 min-w-28 flex-1 bg-transparent px-1.5 outline-none", dir === "ltr" && "font-mono text-sm")}
          />
          {suggestions.length > 0 && <datalist id={list}>{suggestions.filter((s) => !values.includes(s)).map((s) => <option key={s} value={s} />)}</datalist>}
        </div>
      )}
    </Field>
  );
}
