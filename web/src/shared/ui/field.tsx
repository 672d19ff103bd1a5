import { useId, type ComponentProps, type ReactNode } from "react";
import { cx } from "./cx";

export const inputClass = "min-h-row w-full rounded-md border border-line-strong bg-surface-1 px-3 text-ink-1 transition-colors hover:border-ink-3 aria-invalid:border-bad disabled:opacity-60";

interface FieldFrame {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
}

/** A label, a control, and below it the hint or what is wrong. */
export function Field({ label, hint, error, children, className }: FieldFrame & { className?: string; children: (ids: { id: string; describedBy: string | undefined; invalid: true | undefined }) => ReactNode }) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      {children({ id, describedBy: note ? `${id}-note` : undefined, invalid: error ? true : undefined })}
      {note && <div id={`${id}-note`} className={cx("text-sm", error ? "text-bad-ink" : "text-ink-2")}>{note}</div>}
    </div>
  );
}

export function TextField({ label, hint, error, className, ...rest }: FieldFrame & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => <input {...rest} id={id} aria-describedby={describedBy} aria-invalid={invalid} className={cx(inputClass, className)} />}
    </Field>
  );
}

/** A machine's name, typed or taken from a list. */
export function SuggestField({ suggestions, className, ...rest }: FieldFrame & ComponentProps<"input"> & { suggestions: readonly string[] }) {
  const list = useId();
  return (
    <>
      <TextField {...rest} list={list} dir="ltr" spellCheck={false} autoCapitalize="off" autoComplete="off" className={cx("font-mono text-sm rtl:text-end", className)} />
      <datalist id={list}>{suggestions.map((s) => <option key={s} value={s} />)}</datalist>
    </>
  );
}

export function SelectField({ label, hint, error, className, children, ...rest }: FieldFrame & ComponentProps<"select">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => <select {...rest} id={id} aria-describedby={describedBy} aria-invalid={invalid} className={cx(inputClass, className)}>{children}</select>}
    </Field>
  );
}

/** On or off, at once: no save button. */
export function Switch({ label, hint, checked, onChange }: { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void }) {
  const id = useId();
  return (
    <label className="flex min-h-row cursor-pointer items-center justify-between gap-6 py-1">
      <span className="flex flex-col">
        <span className="font-medium" id={id}>{label}</span>
        {hint && <span className="text-sm text-ink-2" id={`${id}-hint`}>{hint}</span>}
      </span>
      <input
        type="checkbox" role="switch" checked={checked} onChange={(e) => onChange(e.target.checked)} aria-labelledby={id} aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative h-6 w-10.5 shrink-0 cursor-pointer appearance-none rounded-full bg-line-strong transition-colors before:absolute before:start-0.5 before:top-0.5 before:size-5 before:rounded-full before:bg-surface-1 before:transition-transform checked:bg-accent checked:before:translate-x-4.5 rtl:checked:before:-translate-x-4.5"
      />
    </label>
  );
}

/** A few choices side by side; arrow keys move between them. */
export function Choice<Value extends string>({ label, value, options, onChange, hideLabel = false }: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
  hideLabel?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className={hideLabel ? "sr-only" : "mb-2 font-medium"}>{label}</legend>
      <div className="flex flex-wrap gap-1 self-start rounded-md bg-surface-2 p-1">
        {options.map((option) => (
          <label key={option.value} className="flex min-h-[calc(var(--row)-0.5rem)] cursor-pointer items-center gap-2 rounded-sm px-3 text-ink-2 transition-colors hover:text-ink-1 has-checked:bg-surface-1 has-checked:text-ink-1 has-checked:shadow-[0_1px_2px_rgb(0_0_0/0.12)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-ink pointer-coarse:min-h-11">
            <input type="radio" name={name} value={option.value} checked={value === option.value} onChange={() => onChange(option.value)} className="sr-only" />
            {option.icon}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
