import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { NewKey, VirtualKey } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { Checks } from "@/shared/ui/checks";
import { Dialog } from "@/shared/ui/dialog";
import { SelectField, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { TokenField } from "@/shared/ui/token-field";
import { useT } from "../console/text";
import { modelsQuery } from "../queries";
import { draftOf, emptyKey, expiries, overlaps, requestOf, rotations, surfaces, withOwn, type Expiry } from "./key-form";
import { createKey, keysKey, updateKey } from "./queries";

/** Makes a key, or changes what one may do. */
export function KeyDialog({ edited, onClose, onCreated }: { edited: VirtualKey | null; onClose: () => void; onCreated: (made: NewKey) => void }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const queryClient = useQueryClient();
  const models = useQuery(modelsQuery);
  const [draft, setDraft] = useState(() => (edited ? draftOf(edited) : emptyKey));
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: async (): Promise<NewKey | null> => {
      const request = requestOf(draft, new Date(), edited?.expiresAt);
      if (!edited) return createKey(request);
      await updateKey(edited.id, { ...request, expiresAt: request.expiresAt ?? null, version: edited.version });
      return null;
    },
    onSuccess: (made) => {
      if (made) onCreated(made);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey }),
  });
  const fault = isApiError(save.error) ? save.error : null;
  const nameError = tried && !draft.name.trim() ? t("key.name.needed") : fault?.field("name");
  const modelsError = fault?.field("models");
  const providers = new Set((models.data ?? []).filter((m) => !m.builtIn && m.id.includes("/") && !m.route).map((m) => `${m.id.slice(0, m.id.indexOf("/"))}/*`));
  const suggestions = [...(models.data ?? []).filter((m) => !m.builtIn).map((m) => m.id), ...providers];
  const submit = (): void => {
    setTried(true);
    if (draft.name.trim()) save.mutate();
  };
  const chosen: readonly Expiry[] = edited?.expiresAt ? ["kept", ...expiries] : expiries;
  return (
    <Dialog open onClose={onClose} title={edited ? t("key.edit", { name: edited.name }) : t("key.new")}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <TextField label={t("key.name")} hint={t("key.name.hint")} value={draft.name} onChange={(e) => setDraft({ ...draft, name: e.target.value })} maxLength={60} dir="auto" required error={nameError} autoFocus />
        <TokenField label={t("key.models")} hint={t("key.models.hint")} values={draft.models} onChange={(v) => setDraft((d) => ({ ...d, models: v }))} suggestions={suggestions} placeholder={t("key.models.all")} error={modelsError} />
        <div>
          <Checks label={t("key.surfaces")} options={surfaces.map((s) => ({ value: s, label: t(`surface.${s}`) }))} values={draft.surfaces} onChange={(v) => setDraft({ ...draft, surfaces: v })} />
          <p className="mt-1.5 text-sm text-ink-2">{t("key.surfaces.hint")}</p>
        </div>
        <SelectField label={t("key.expires")} value={draft.expiry} onChange={(e) => setDraft({ ...draft, expiry: e.target.value as Expiry })} error={fault?.field("expiresAt")}>
          {chosen.map((e) => <option key={e} value={e}>{e === "never" ? t("key.expires.never") : e === "kept" ? t("key.expires.kept", { date: formatDate(edited!.expiresAt!, locale, { dateStyle: "medium" }) }) : t("key.expires.days", { count: Number(e) })}</option>)}
        </SelectField>
        <SelectField label={t("key.rotation")} hint={draft.rotateEveryDays > 0 ? t("key.rotation.hint") : undefined} value={draft.rotateEveryDays} onChange={(e) => setDraft({ ...draft, rotateEveryDays: Number(e.target.value) })}>
          {withOwn(rotations, edited?.rotateEveryDays ?? 0).map((days) => <option key={days} value={days}>{days === 0 ? t("key.rotation.never") : t("key.rotation.days", { count: days })}</option>)}
        </SelectField>
        {draft.rotateEveryDays > 0 && (
          <SelectField label={t("key.overlap")} value={draft.overlapHours} onChange={(e) => setDraft({ ...draft, overlapHours: Number(e.target.value) })}>
            {withOwn(overlaps, edited?.overlapHours ?? 24).map((hours) => <option key={hours} value={hours}>{hours % 24 === 0 ? t("key.overlap.days", { count: hours / 24 }) : t("key.overlap.hours", { count: hours })}</option>)}
          </SelectField>
        )}
        {save.error && !nameError && !modelsError && !fault?.field("expiresAt") && <ErrorNote error={save.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{edited ? common("action.save") : t("key.make")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
