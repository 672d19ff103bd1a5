import { useQuery } from "@tanstack/react-query";
import { intlTag, useLocale } from "@/shared/i18n/locale";
import { browserHears } from "@/shared/jean/hearing";
import { useWakeWord } from "@/shared/jean/wake";
import { usePreferences } from "@/shared/theme/store";
import { setPreferences } from "@/shared/theme/sync";
import { SelectField, Switch } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { useDenoise } from "../hearing/denoise";
import { localSpeechQuery } from "./queries";
import { useT } from "./text";

const local = "local/";

/** Speech models of the server in place of the built-in voice and of no ears: only what the person chooses here. */
export function LocalSpeechCard() {
  const t = useT();
  const models = useQuery(localSpeechQuery);
  return (
    <Card title={t("local.title")} text={t("local.text")}>
      {models.data
        ? (
          <div className="flex flex-col gap-6">
            {models.data.voices.length + models.data.recognisers.length === 0 && <p className="text-ink-2">{t("local.none")}</p>}
            <VoiceModel voices={models.data.voices} />
            <Hearing recognisers={models.data.recognisers.map((one) => one.name)} />
            {models.data.denoises && <Denoise />}
            {models.data.spotters.length > 0 && <WakeWord />}
          </div>
        )
        : models.error ? <ErrorNote error={models.error} retry={() => void models.refetch()} /> : <Skeleton rows={2} />}
    </Card>
  );
}

function VoiceModel({ voices }: { voices: readonly { name: string; language: string | null }[] }) {
  const t = useT();
  const locale = useLocale();
  const chosen = usePreferences((s) => s.localVoice);
  const languages = new Intl.DisplayNames(intlTag(locale), { type: "language" });
  return (
    <SelectField label={t("local.voice")} hint={t("local.voice.hint")} value={chosen ?? ""} onChange={(e) => void setPreferences({ localVoice: e.target.value || null })}>
      <option value="">{t("local.voice.builtIn")}</option>
      {voices.map(({ name, language }) => <option key={name} value={name}>{language ? t("local.language", { name, language: languages.of(language) ?? language }) : name}</option>)}
      {chosen !== null && !voices.some((voice) => voice.name === chosen) && <option value={chosen}>{t("local.gone", { name: chosen })}</option>}
    </SelectField>
  );
}

function Hearing({ recognisers }: { recognisers: readonly string[] }) {
  const t = useT();
  const chosen = usePreferences((s) => s.hearing);
  const gone = chosen?.startsWith(local) && !recognisers.includes(chosen.slice(local.length)) ? chosen.slice(local.length) : null;
  return (
    <SelectField
      label={t("local.hearing")} hint={chosen === "browser" ? t("local.hearing.browserNote") : t("local.hearing.hint")}
      value={chosen ?? ""} onChange={(e) => void setPreferences({ hearing: e.target.value || null })}
    >
      <option value="">{t("local.hearing.none")}</option>
      {(browserHears() || chosen === "browser") && <option value="browser">{t("local.hearing.browser")}</option>}
      {recognisers.map((name) => <option key={name} value={local + name}>{name}</option>)}
      {gone !== null && <option value={local + gone}>{t("local.gone", { name: gone })}</option>}
    </SelectField>
  );
}

/** Only for recognisers of the server: a browser's own does as it likes. */
function Denoise() {
  const t = useT();
  const hearing = usePreferences((s) => s.hearing);
  const on = useDenoise((s) => s.on);
  return hearing?.startsWith(local) ? <Switch label={t("local.denoise")} hint={t("local.denoise.hint")} checked={on} onChange={(wanted) => useDenoise.setState({ on: wanted })} /> : null;
}

/** Only where a model for it is installed, and of no use before something writes down what is said next. */
function WakeWord() {
  const t = useT();
  const hearing = usePreferences((s) => s.hearing);
  const { on, sends } = useWakeWord();
  return (
    <>
      <div className="flex flex-col gap-1">
        <Switch label={t("local.wake")} hint={t("local.wake.hint")} checked={on} onChange={(wanted) => useWakeWord.setState({ on: wanted })} />
        {on && hearing === null && <p role="status" className="text-sm text-warn-ink">{t("local.wake.needsHearing")}</p>}
      </div>
      {on && <Switch label={t("local.wake.sends")} hint={t("local.wake.sends.hint")} checked={sends} onChange={(wanted) => useWakeWord.setState({ sends: wanted })} />}
    </>
  );
}
