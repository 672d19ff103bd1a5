import { useState } from "react";
import type { Template, TemplateVariable } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass, SelectField, TextField } from "@/shared/ui/field";
import { fillIn, standardValues } from "./fill";
import { useT } from "./text";

/** Asks what stands in a prompt's places. What is left empty stays out. */
export function FillDialog({ template, onFilled, onClose }: { template: Template; onFilled: (text: string) => void; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const [values, setValues] = useState(() => standardValues(template.variables));
  return (
    <Dialog open onClose={onClose} title={t("fill.title", { name: template.name })}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); onFilled(fillIn(template.body, values)); }}>
        {template.variables.map((variable, i) => (
          <VariableField key={variable.name} variable={variable} focus={i === 0} value={values[variable.name] ?? ""} onChange={(value) => setValues((now) => ({ ...now, [variable.name]: value }))} />
        ))}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button look="primary" type="submit">{t("fill.use")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function VariableField({ variable: { label, kind, choices }, value, onChange, focus }: { variable: TemplateVariable; value: string; onChange: (value: string) => void; focus: boolean }) {
  const dir = value ? "auto" : undefined;
  if (kind === "choice") {
    return <SelectField label={label} value={value} autoFocus={focus} onChange={(e) => onChange(e.target.value)}>{choices?.map((choice) => <option key={choice} value={choice}>{choice}</option>)}</SelectField>;
  }
  if (kind === "long") {
    return (
      <Field label={label}>
        {({ id }) => <textarea id={id} rows={4} autoFocus={focus} value={value} dir={dir} onChange={(e) => onChange(e.target.value)} className={cx(inputClass, "max-h-60 py-2.5 field-sizing-content")} />}
      </Field>
    );
  }
  return <TextField label={label} value={value} autoFocus={focus} dir={dir} onChange={(e) => onChange(e.target.value)} />;
}
