import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MemoryFact, WriteMemoryRequest } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass, SelectField, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { projectsQuery } from "../projects/queries";
import { addFact, changeFact, kinds } from "./queries";
import { useT } from "./text";

const longest = 400;
/** The day of a moment, as a date field has it. */
const dayOf = (value: string | null): string => (value === null ? "" : value.slice(0, 10));

/** Writes down a fact, or changes one. */
export function FactDialog({ fact, onClose }: { fact: MemoryFact | null; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const projects = useQuery(projectsQuery).data ?? [];
  const [text, setText] = useState(fact?.text ?? "");
  const [kind, setKind] = useState<(typeof kinds)[number]>(fact?.kind ?? "other");
  const [projectId, setProjectId] = useState(fact?.projectId ?? "");
  const [until, setUntil] = useState(dayOf(fact?.expiresAt ?? null));
  const save = useMutation({
    mutationFn: () => {
      const request: WriteMemoryRequest = { text, kind, projectId: projectId || null, expiresAt: until ? new Date(`${until}T23:59:59`).toISOString() : null };
      return fact ? changeFact(fact.id, request) : addFact(request);
    },
    onSuccess: onClose,
  });
  return (
    <Dialog open onClose={onClose} title={t(fact ? "change" : "add")}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); if (text.trim()) save.mutate(); }}>
        <Field label={t("fact")}>
          {({ id }) => <textarea id={id} dir="auto" rows={3} maxLength={longest} required value={text} onChange={(e) => setText(e.target.value)} className={cx(inputClass, "py-2")} />}
        </Field>
        <SelectField label={t("kind")} value={kind} onChange={(e) => setKind(e.target.value as (typeof kinds)[number])}>
          {kinds.map((one) => <option key={one} value={one}>{t(`kind.${one}`)}</option>)}
        </SelectField>
        <SelectField label={t("scope")} value={projectId} onChange={(e) => setProjectId(e.target.value)}>
          <option value="">{t("scope.everywhere")}</option>
          {projects.map((project) => <option key={project.id} value={project.id}>{project.name}</option>)}
        </SelectField>
        <TextField label={t("until")} hint={t("until.hint")} type="date" min={dayOf(new Date().toISOString())} value={until} onChange={(e) => setUntil(e.target.value)} />
        {save.error && <ErrorNote error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending} disabled={!text.trim()}>{common("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
