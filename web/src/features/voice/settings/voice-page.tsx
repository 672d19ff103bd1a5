import { useQuery } from "@tanstack/react-query";
import { Play, ShieldCheck, Square, TriangleAlert } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { Voice } from "@/shared/api/types";
import { formatNumber } from "@/shared/i18n/format";
import { intlTag, useLocale } from "@/shared/i18n/locale";
import { playPerformance } from "@/shared/jean/play";
import { usePreferences } from "@/shared/theme/store";
import { setPreferences } from "@/shared/theme/sync";
import { Button } from "@/shared/ui/button";
import { SelectField, Switch } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { LocalSpeechCard } from "./local-speech";
import { perform, voicesQuery, voiceStatusQuery } from "./queries";
import { RecordingsCard } from "./recordings";
import { useT } from "./text";

export function VoicePage() {
  const t = useT();
  const status = useQuery(voiceStatusQuery);
  const voices = useQuery(voicesQuery);
  const { speakReplies, voiceId } = usePreferences();
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("title")} />
      {status.data?.available === false && (
        <Note tone="warn" icon={TriangleAlert}>
          <p className="font-medium">{t("unavailable")}</p>
          <p dir="auto">{status.data.detail ?? t("unavailable.how")}</p>
        </Note>
      )}
      <Card><Switch label={t("speak")} hint={t("speak.hint")} checked={speakReplies} onChange={(on) => void setPreferences({ speakReplies: on })} /></Card>
      <Card>
        <div className="flex flex-col gap-6">
          {voices.data ? <VoiceChoice voices={voices.data} value={voiceId} /> : voices.error ? <ErrorNote error={voices.error} retry={() => void voices.refetch()} /> : <Skeleton rows={2} />}
          <Pace />
          <Sample available={status.data?.available !== false} />
        </div>
      </Card>
      <LocalSpeechCard />
      <RecordingsCard />
      <Note tone="plain" icon={ShieldCheck}>{t("offline")}</Note>
    </div>
  );
}

function VoiceChoice({ voices, value }: { voices: readonly Voice[]; value: string | null }) {
  const t = useT();
  const locale = useLocale();
  const names = new Intl.DisplayNames(intlTag(locale), { type: "language" });
  const languageName = (tag: string): string => {
    try {
      return names.of(tag) ?? tag;
    } catch {
      return tag;
    }
  };
  // The person's own language first.
  const groups = [...Map.groupBy(voices, (v) => v.language)].sort(([a], [b]) => Number(b.startsWith(locale)) - Number(a.startsWith(locale)) || languageName(a).localeCompare(languageName(b), locale));
  return (
    <SelectField label={t("voice")} hint={t("voice.hint")} value={value ?? ""} onChange={(e) => void setPreferences({ voiceId: e.target.value || null })}>
      <option value="">{t("voice.auto")}</option>
      {groups.map(([language, items]) => (
        <optgroup key={language} label={languageName(language)}>{items.map((voice) => <option key={voice.id} value={voice.id}>{voice.name}</option>)}</optgroup>
      ))}
    </SelectField>
  );
}

function Pace() {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const rate = usePreferences((s) => s.speechRate);
  const shown = t("rate.value", { rate: formatNumber(rate, locale, { minimumFractionDigits: 1, maximumFractionDigits: 2 }) });
  return (
    <div className="flex flex-col gap-1">
      <div className="flex justify-between gap-4">
        <label htmlFor={id} className="text-sm font-medium">{t("rate")}</label>
        <output htmlFor={id} className="text-sm text-ink-2">{shown}</output>
      </div>
      <input id={id} type="range" min={0.5} max={2} step={0.1} value={rate} aria-valuetext={shown} onChange={(e) => void setPreferences({ speechRate: e.target.valueAsNumber })} className="h-11 w-full cursor-pointer accent-accent" />
    </div>
  );
}

/** Hears her say a sentence, with the face following. */
function Sample({ available }: { available: boolean }) {
  const t = useT();
  const locale = useLocale();
  const { voiceId, localVoice, speechRate } = usePreferences();
  const voices = useQuery(voicesQuery).data;
  const running = useRef<AbortController | null>(null);
  const [state, setState] = useState<"idle" | "busy">("idle");
  const [error, setError] = useState<unknown>(null);
  const [fellBack, setFellBack] = useState<string | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const play = async (): Promise<void> => {
    const stop = new AbortController();
    running.current?.abort();
    running.current = stop;
    setState("busy");
    setError(null);
    setFellBack(null);
    const sample = t("sample");
    // The chosen voice can only read its own language.
    const own = voiceId && voices?.find((v) => v.id === voiceId)?.language.startsWith(locale) ? { voiceId } : {};
    try {
      const spoken = await perform({ text: sample, language: locale, rate: speechRate, format: "wav", ...own, ...(localVoice ? { localVoice } : {}) }, stop.signal);
      if (spoken.fallbackCode) setFellBack(localVoice);
      await playPerformance(spoken, { text: sample, language: locale }, stop.signal);
    } catch (caught) {
      if (!stop.signal.aborted) setError(caught);
    } finally {
      if (running.current === stop) setState("idle");
    }
  };

  return (
    <div className="flex flex-col gap-3">
      <blockquote className="border-s-2 border-jean ps-4 text-lg">{t("sample")}</blockquote>
      {state === "busy"
        ? <Button onClick={() => running.current?.abort()} className="self-start"><Square className="size-3.5 fill-current" aria-hidden="true" />{t("stop")}</Button>
        : <Button look="jean" disabled={!available} onClick={() => void play()} className="self-start"><Play className="size-4 fill-current rtl:-scale-x-100" aria-hidden="true" />{t("try")}</Button>}
      {fellBack !== null && <div role="status"><Note tone="warn" icon={TriangleAlert}>{t("local.fellBack", { name: `\u2068${fellBack}\u2069` })}</Note></div>}
      {error !== null && (isApiError(error, "voice.unavailable") ? <div role="alert"><Note tone="warn" icon={TriangleAlert}>{t("unavailable")} <span dir="auto">{t("unavailable.how")}</span></Note></div> : <ErrorNote error={error} />)}
    </div>
  );
}
