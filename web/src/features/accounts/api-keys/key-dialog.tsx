import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { ApiScope, NewApiKey } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { withProof } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { Checks } from "@/shared/ui/checks";
import { Dialog } from "@/shared/ui/dialog";
import { SelectField, TextField } from "@/shared/ui/field";
import { Refusal } from "../refusal";
import { emptyKey, expiries, overlaps, requestOf, rotations } from "./key-form";
import { apiKeysQuery, createApiKey } from "./queries";
import { scopeName } from "./scope-name";
import { useT } from "./text";

/** Makes a key. */
export function KeyDialog({ scopes, onClose, onCreated }: { scopes: readonly ApiScope[]; onClose: () => void; onCreated: (made: NewApiKey) => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(emptyKey);
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () => withProof(() => createApiKey(requestOf(draft, new Date()))),
    onSuccess: (made) => {
      onCreated(made);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(apiKeysQuery),
  });
  const fault = isApiError(make.error) ? make.error : null;
  const nameError = tried && !draft.name.trim() ? t("name.needed") : fault?.field("name");
  const noScope = tried && draft.scopes.length === 0;
  return (
    <Dialog open onClose={onClose} title={t("new")}>
      <form
        noValidate className="flex flex-col gap-4"
        onSubmit={(e) => {
          e.preventDefault();
          setTried(true);
          if (draft.name.trim() && draft.scopes.length > 0) make.mutate();
        }}
      >
        <TextField label={t("name")} hint={t("name.hint")} value={draft.name} onChange={(e) => setDraft({ ...draft, name: e.target.value })} maxLength={60} dir="auto" required error={nameError} autoFocus />
        <div>
          <Checks label={t("scopes")} options={scopes.map(({ name }) => ({ value: name, label: scopeName(t, name) }))} values={draft.scopes} onChange={(chosen) => setDraft({ ...draft, scopes: chosen })} />
          <p role={noScope ? "alert" : undefined} className={noScope ? "mt-1.5 text-sm text-bad-ink" : "mt-1.5 text-sm text-ink-2"}>{t(noScope ? "scopes.needed" : "scopes.hint")}</p>
        </div>
        <SelectField label={t("expires")} value={draft.expiryDays} error={fault?.field("expiresAt")} onChange={(e) => setDraft({ ...draft, expiryDays: Number(e.target.value) })}>
          {expiries.map((days) => <option key={days} value={days}>{days === 0 ? t("expires.never") : t("expires.days", { count: days })}</option>)}
        </SelectField>
        <SelectField label={t("rotation")} hint={draft.rotateEveryDays > 0 ? t("rotation.hint") : undefined} value={draft.rotateEveryDays} onChange={(e) => setDraft({ ...draft, rotateEveryDays: Number(e.target.value) })}>
          {rotations.map((days) => <option key={days} value={days}>{days === 0 ? t("rotation.never") : t("rotation.days", { count: days })}</option>)}
        </SelectField>
        {draft.rotateEveryDays > 0 && <OverlapField hours={draft.overlapHours} choices={overlaps} onChange={(overlapHours) => setDraft({ ...draft, overlapHours })} />}
        {!nameError && !fault?.field("expiresAt") && <Refusal error={make.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={make.isPending}>{t("make")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** How long the secret before goes on. */
export function OverlapField({ hours, choices, onChange }: { hours: number; choices: readonly number[]; onChange: (hours: number) => void }) {
  const t = useT();
  const words = (value: number): string => (value === 0 ? t("overlap.none") : value < 24 ? t("overlap.hours", { count: value }) : t("overlap.days", { count: value / 24 }));
  return (
    <SelectField label={t("overlap")} value={hours} onChange={(e) => onChange(Number(e.target.value))}>
      {choices.map((value) => <option key={value} value={value}>{words(value)}</option>)}
    </SelectField>
  );
}
