import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSettings } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass, SelectField, Switch, TextField } from "@/shared/ui/field";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { patchConversation } from "../cache";
import { chatKeys, chatModelsQuery, settingsQuery } from "../queries";
import { useT } from "./text";

/** Instructions, model and parameters of one conversation. */
export default function SettingsDialog({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const t = useT();
  const settings = useQuery(settingsQuery(conversationId));
  return (
    <Dialog open onClose={onClose} title={t("settings.open")}>
      {settings.error ? <ErrorNote error={settings.error} retry={() => void settings.refetch()} /> : settings.data ? <Form conversationId={conversationId} settings={settings.data} onClose={onClose} /> : <Skeleton rows={5} />}
    </Dialog>
  );
}

const written = (value: number | null): string => (value === null ? "" : String(value));
const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text.replace(",", ".")));

function Form({ conversationId, settings, onClose }: { conversationId: string; settings: ConversationSettings; onClose: () => void }) {
  const t = useT();
  const models = useQuery(chatModelsQuery).data ?? [];
  const [instructions, setInstructions] = useState(settings.instructions);
  const [modelId, setModelId] = useState(settings.modelId ?? "");
  const [temperature, setTemperature] = useState(written(settings.parameters.temperature));
  const [topP, setTopP] = useState(written(settings.parameters.topP));
  const [maxTokens, setMaxTokens] = useState(written(settings.parameters.maxOutputTokens));
  const [temporary, setTemporary] = useState(settings.temporary);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    const next: ConversationSettings = {
      instructions, modelId: modelId || null,
      parameters: { temperature: numberOf(temperature), topP: numberOf(topP), maxOutputTokens: numberOf(maxTokens) },
      temporary,
    };
    try {
      await api.put(`/api/chat/conversations/${conversationId}/settings`, next);
      queryClient.setQueryData(chatKeys.settings(conversationId), next);
      patchConversation(queryClient, conversationId, { modelId: next.modelId });
      void queryClient.invalidateQueries({ queryKey: chatKeys.context(conversationId) });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Field label={t("settings.instructions")} hint={t("settings.instructionsHint")}>
        {({ id, describedBy }) => <textarea id={id} aria-describedby={describedBy} dir={instructions ? "auto" : undefined} rows={4} maxLength={8_000} value={instructions} onChange={(e) => setInstructions(e.target.value)} className={cx(inputClass, "py-2")} />}
      </Field>
      <SelectField label={t("settings.model")} value={modelId} onChange={(e) => setModelId(e.target.value)}>
        <option value="">{t("settings.default")}</option>
        {modelId && !models.some((model) => model.id === modelId) && <option value={modelId}>{modelId}</option>}
        {models.map((model) => <option key={model.id} value={model.id}>{model.id}</option>)}
      </SelectField>
      <TextField label={t("settings.temperature")} hint={t("settings.own")} type="number" inputMode="decimal" min={0} max={2} step="any" dir="ltr" value={temperature} onChange={(e) => setTemperature(e.target.value)} />
      <TextField label={t("settings.topP")} hint={t("settings.own")} type="number" inputMode="decimal" min={0} max={1} step="any" dir="ltr" value={topP} onChange={(e) => setTopP(e.target.value)} />
      <TextField label={t("settings.maxTokens")} hint={t("settings.own")} type="number" inputMode="numeric" min={1} max={1_000_000} step={1} dir="ltr" value={maxTokens} onChange={(e) => setMaxTokens(e.target.value)} />
      <Switch label={t("settings.temporary")} hint={t("settings.temporaryHint")} checked={temporary} onChange={setTemporary} />
      {error !== null && <ErrorNote error={error} />}
      <Button type="submit" look="primary" busy={busy} className="self-end">{t("settings.save")}</Button>
    </form>
  );
}
