import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Template, TemplateVariable } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass, SelectField, Switch, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { placesOf } from "./fill";
import { saveTemplate, templateKeys, trades, type Trade } from "./queries";
import { useT } from "./text";

const kinds = ["text", "long", "choice"] as const;
const linesOf = (text: string): string[] => [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];

/** A prompt of one's own, new or changed. The places in its text are found while one writes. */
export function TemplateForm({ template, copy = false, onClose }: { template: Template | null; copy?: boolean; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const [name, setName] = useState(template?.name ?? "");
  const [about, setAbout] = useState(template?.about ?? "");
  const [trade, setTrade] = useState<Trade>((template?.trade as Trade | undefined) ?? "life");
  const [body, setBody] = useState(template?.body ?? "");
  const [shared, setShared] = useState(copy ? false : template?.shared ?? false);
  const [known, setKnown] = useState<readonly TemplateVariable[]>(template?.variables ?? []);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const variables = placesOf(body).map((place): TemplateVariable => known.find((v) => v.name === place) ?? { name: place, label: place, kind: "text", choices: null, standard: null });
  const incomplete = variables.some((v) => v.kind === "choice" && (v.choices?.length ?? 0) < 2);
  const changeOne = (changed: TemplateVariable): void => setKnown((now) => [...now.filter((v) => v.name !== changed.name), changed]);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await saveTemplate(copy || !template ? null : template.id, { name: name.trim(), about: about.trim(), trade, body, shared, variables: variables.map((v) => ({ ...v, label: v.label.trim() || v.name })) });
      await queryClient.invalidateQueries({ queryKey: templateKeys.all });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t(template && !copy ? "form.change" : "form.new")}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <TextField label={t("form.name")} value={name} maxLength={80} required autoFocus dir={name ? "auto" : undefined} onChange={(e) => setName(e.target.value)} />
        <TextField label={t("form.about")} value={about} maxLength={200} dir={about ? "auto" : undefined} onChange={(e) => setAbout(e.target.value)} />
        <SelectField label={t("form.trade")} value={trade} onChange={(e) => setTrade(e.target.value as Trade)}>{trades.map((one) => <option key={one} value={one}>{t(`trade.${one}`)}</option>)}</SelectField>
        <Field label={t("form.body")} hint={<span dir="auto">{t("form.body.hint", { place: "{{place}}" })}</span>}>
          {({ id, describedBy }) => <textarea id={id} aria-describedby={describedBy} rows={6} required maxLength={20_000} value={body} dir={body ? "auto" : undefined} onChange={(e) => setBody(e.target.value)} className={cx(inputClass, "max-h-80 py-2.5 field-sizing-content")} />}
        </Field>
        {variables.length > 0 && (
          <fieldset className="flex flex-col gap-3">
            <legend className="mb-1 font-medium">{t("form.places")}</legend>
            {variables.map((variable) => <Place key={variable.name} variable={variable} onChange={changeOne} />)}
          </fieldset>
        )}
        <Switch label={t("form.shared")} hint={t("form.shared.hint")} checked={shared} onChange={setShared} />
        {Boolean(error) && <ErrorNote error={error} />}
        {incomplete && <p className="text-sm text-warn-ink">{t("form.incomplete")}</p>}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button look="primary" type="submit" busy={busy} disabled={!name.trim() || !body.trim() || incomplete}>{common("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Place({ variable, onChange }: { variable: TemplateVariable; onChange: (changed: TemplateVariable) => void }) {
  const t = useT();
  const { name, label, kind, choices, standard } = variable;
  const [lines, setLines] = useState(() => choices?.join("\n") ?? "");
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line p-3">
      <TextField label={t("form.label", { name })} value={label} maxLength={120} dir={label ? "auto" : undefined} onChange={(e) => onChange({ ...variable, label: e.target.value })} />
      <SelectField label={t("form.kind", { name })} value={kind} onChange={(e) => onChange({ ...variable, kind: e.target.value, choices: e.target.value === "choice" ? linesOf(lines) : null, standard: null })}>
        {kinds.map((one) => <option key={one} value={one}>{t(`form.kind.${one}`)}</option>)}
      </SelectField>
      {kind === "choice"
        ? (
          <Field label={t("form.choices", { name })}>
            {({ id }) => <textarea id={id} rows={3} value={lines} dir={lines ? "auto" : undefined} onChange={(e) => { setLines(e.target.value); onChange({ ...variable, choices: linesOf(e.target.value).slice(0, 20), standard: null }); }} className={cx(inputClass, "py-2.5")} />}
          </Field>
        )
        : <TextField label={t("form.standard")} value={standard ?? ""} maxLength={2_000} dir={standard ? "auto" : undefined} onChange={(e) => onChange({ ...variable, standard: e.target.value || null })} />}
    </div>
  );
}
