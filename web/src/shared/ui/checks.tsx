import { Check } from "lucide-react";
import { cx } from "./cx";

/** Any of a few words, each a small switch. */
export function Checks<Value extends string>({ label, options, values, onChange, hideLabel = false }: {
  label: string;
  options: readonly { value: Value; label: string }[];
  values: readonly Value[];
  onChange: (values: Value[]) => void;
  hideLabel?: boolean;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className={hideLabel ? "sr-only" : "mb-1.5 text-sm font-medium"}>{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {options.map((option) => {
          const on = values.includes(option.value);
          return (
            <label key={option.value} className={cx("inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-full border px-3 text-sm transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-ink pointer-coarse:min-h-11", on ? "border-accent-ink bg-accent-soft text-accent-ink" : "border-line-strong text-ink-2 hover:text-ink-1")}>
              <input type="checkbox" checked={on} onChange={() => onChange(on ? values.filter((v) => v !== option.value) : options.map((o) => o.value).filter((v) => v === option.value || values.includes(v)))} className="sr-only" />
              {on && <Check className="size-3.5" aria-hidden="true" />}
              {option.label}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
