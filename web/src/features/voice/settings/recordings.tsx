import { useQuery } from "@tanstack/react-query";
import { usePreferences } from "@/shared/theme/store";
import { setPreferences } from "@/shared/theme/sync";
import { SelectField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { connectedModelsQuery, localSpeechQuery } from "./queries";
import { useT } from "./text";

/** Providers do not say what a model is for; those that write down are called so. Where none is, all are offered. */
const writesDown = /whisper|transcri|speech|voxtral|parakeet|canary|scribe|asr|stt/i;
const ofThisServer = "local/";

/** Who writes down what is recorded for a message. It leaves the server only for the model that is chosen here. */
export function RecordingsCard() {
  const t = useT();
  const models = useQuery(localSpeechQuery);
  return (
    <Card title={t("recordings")} text={t("recordings.text")}>
      {!models.data ? (models.error ? <ErrorNote error={models.error} retry={() => void models.refetch()} /> : <Skeleton rows={1} />)
        : models.data.recognisers.length > 0 ? <p className="text-ink-2">{t("recordings.here")}</p> : <Elsewhere />}
    </Card>
  );
}

function Elsewhere() {
  const t = useT();
  const chosen = usePreferences((s) => s.recordingsModel);
  const connected = (useQuery(connectedModelsQuery).data ?? []).filter((model) => !model.builtIn && !model.id.startsWith(ofThisServer));
  const likely = connected.filter((model) => model.route || writesDown.test(model.name));
  const offered = likely.length > 0 ? likely : connected;
  return (
    <SelectField label={t("recordings.by")} hint={t("recordings.hint")} value={chosen ?? ""} onChange={(e) => void setPreferences({ recordingsModel: e.target.value || null })}>
      <option value="">{t("recordings.none")}</option>
      {offered.map(({ id }) => <option key={id} value={id}>{id}</option>)}
      {chosen !== null && !offered.some(({ id }) => id === chosen) && <option value={chosen}>{t("recordings.gone", { name: chosen })}</option>}
    </SelectField>
  );
}
