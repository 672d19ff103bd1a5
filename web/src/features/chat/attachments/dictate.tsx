import { AudioLines, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "@/shared/api/error";
import { intlTag, useLocale } from "@/shared/i18n/locale";
import { browserHears, hear, MicrophoneError, type Listening } from "@/shared/jean/hearing";
import { interruptSpeech } from "@/shared/jean/speech";
import { holdWake, whenCalled } from "@/shared/jean/wake";
import { usePreferences } from "@/shared/theme/store";
import { IconButton, Spinner } from "@/shared/ui/button";
import { showToast } from "@/shared/ui/toast";
import { clock } from "./clock";
import { useT } from "./text";

type State = "idle" | "opening" | "listening" | "writing";

/** Speaks a message instead of typing it, with what the person chose in the settings of the voice; nothing before they chose. */
export function Dictate({ onText }: { onText: (text: string) => void }) {
  const hearing = usePreferences((s) => s.hearing);
  return hearing === null || (hearing === "browser" && !browserHears()) ? null : <Microphone key={hearing} hearing={hearing} onText={onText} />;
}

function Microphone({ hearing, onText }: { hearing: string; onText: (text: string) => void }) {
  const t = useT();
  const locale = useLocale();
  const [state, setState] = useState<State>("idle");
  const [seconds, setSeconds] = useState(0);
  const [saying, setSaying] = useState("");
  const listening = useRef<Listening | null>(null);
  const cancelled = useRef(false);
  const words = useRef(onText);
  useEffect(() => { words.current = onText; });
  useEffect(() => {
    if (state !== "listening") return undefined;
    const began = Date.now();
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - began) / 1_000)), 500);
    return () => clearInterval(timer);
  }, [state]);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      listening.current?.cancel();
    };
  }, []);

  const say = (error: unknown): void => {
    if (error instanceof MicrophoneError) showToast({ text: t("attach.noMicrophone"), tone: "bad" });
    else if (error instanceof ApiError && error.code === "models.unknown") showToast({ text: t("dictate.gone"), tone: "bad" });
    else showToast({ text: t("dictate.failed"), tone: "bad" });
  };
  const begin = async (): Promise<void> => {
    interruptSpeech();
    cancelled.current = false;
    setSeconds(0);
    setSaying("");
    setState("opening");
    const told = { heard: false, over: false };
    try {
      const started = await hear(hearing, {
        language: intlTag(locale),
        heard: (text) => {
          told.heard = true;
          if (!gone.current) words.current(text);
        },
        saying: setSaying,
        writing: () => setState("writing"),
        ended: (error) => {
          told.over = true;
          listening.current = null;
          setSaying("");
          setState("idle");
          if (error !== null) say(error);
          else if (!told.heard && !cancelled.current) showToast({ text: t("dictate.nothing") });
        },
      });
      if (gone.current) return started.cancel();
      if (told.over) return;
      listening.current = started;
      setState("listening");
    } catch (error) {
      setState("idle");
      say(error);
    }
  };
  const called = useRef(begin);
  useEffect(() => { called.current = begin; });
  useEffect(() => (state === "idle" ? whenCalled(() => void called.current()) : holdWake()), [state]);
  const cancel = (): void => {
    cancelled.current = true;
    listening.current?.cancel();
  };
  return (
    <>
      <span role="status" className="sr-only">{state === "listening" ? t("dictate.listening") : state === "writing" ? t("dictate.writing") : ""}</span>
      {/* Not announced: it changes with every word, and what is final stands in the box. */}
      {saying !== "" && state !== "idle" && (
        <p dir="auto" className="pointer-events-none absolute inset-x-0 bottom-full z-10 mb-1.5 flex max-h-24 flex-col justify-end overflow-hidden wrap-anywhere rounded-xl border border-line-strong bg-surface-2 px-4 py-2 text-ink-2">
          <span>{saying}</span>
        </p>
      )}
      {state === "idle" || state === "opening"
        ? <IconButton label={t("dictate")} className="size-11!" disabled={state === "opening"} onClick={() => void begin()}><AudioLines className="size-5" aria-hidden="true" /></IconButton>
        : state === "listening"
          ? (
            <IconButton
              label={t("dictate.stop", { time: clock(seconds * 1_000) })} className="size-11! text-bad-ink!" aria-pressed onClick={() => listening.current?.stop()}
              onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); cancel(); } }}
            >
              <Square className="size-4 animate-pulse fill-current motion-reduce:animate-none" aria-hidden="true" />
            </IconButton>
          )
          : <IconButton label={t("dictate.cancel")} className="size-11!" onClick={cancel}><Spinner /></IconButton>}
    </>
  );
}
