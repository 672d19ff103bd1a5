import { AudioLines, Square } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { ApiError } from "@/shared/api/error";
import { intlTag, useLocale } from "@/shared/i18n/locale";
import { browserHears, hear, MicrophoneError, type Listening } from "@/shared/jean/hearing";
import { interruptSpeech } from "@/shared/jean/speech";
import { holdWake, useWakeWord, whenCalled } from "@/shared/jean/wake";
import { usePreferences } from "@/shared/theme/store";
import { IconButton, Spinner } from "@/shared/ui/button";
import { showToast } from "@/shared/ui/toast";
import { clock } from "./clock";
import { useT } from "./text";

type State = "idle" | "opening" | "listening" | "writing";

interface DictateProps {
  onText: (text: string) => void;
  /** All that was handed over since Jean was called, when that has ended by itself. */
  onSaid?: (said: string) => void;
}

/** Speaks a message instead of typing it, with what the person chose in the settings of the voice; nothing before they chose. */
export function Dictate(props: DictateProps) {
  const hearing = usePreferences((s) => s.hearing);
  return hearing === null || (hearing === "browser" && !browserHears()) ? null : <Microphone key={hearing} hearing={hearing} {...props} />;
}

function Microphone({ hearing, onText, onSaid }: DictateProps & { hearing: string }) {
  const t = useT();
  const locale = useLocale();
  const [state, setState] = useState<State>("idle");
  const [seconds, setSeconds] = useState(0);
  const [saying, setSaying] = useState("");
  const listening = useRef<Listening | null>(null);
  const cancelled = useRef(false);
  const byHand = useRef(false);
  /** Whether a call began it: then it ends by itself. */
  const [called, setCalled] = useState(false);
  const sends = useWakeWord((s) => s.sends);
  const tell = useRef({ onText, onSaid });
  useEffect(() => { tell.current = { onText, onSaid }; });
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
  const isCalledOff = (): boolean => gone.current || cancelled.current;
  const begin = async (endsByItself: boolean): Promise<void> => {
    interruptSpeech();
    cancelled.current = byHand.current = false;
    setCalled(endsByItself);
    setSeconds(0);
    setSaying("");
    setState("opening");
    const told = { heard: [] as string[], over: false };
    try {
      const started = await hear(hearing, {
        language: intlTag(locale),
        endsByItself,
        heard: (text) => {
          told.heard.push(text);
          if (!gone.current) tell.current.onText(text);
        },
        saying: setSaying,
        writing: () => setState("writing"),
        ended: (error) => {
          told.over = true;
          listening.current = null;
          setSaying("");
          setState("idle");
          if (error !== null) say(error);
          else if (isCalledOff()) return;
          else if (told.heard.length === 0) showToast({ text: t("dictate.nothing") });
          else if (endsByItself && !byHand.current) tell.current.onSaid?.(told.heard.join(" "));
        },
      });
      if (isCalledOff()) return started.cancel();
      if (told.over) return;
      listening.current = started;
      setState("listening");
    } catch (error) {
      setState("idle");
      say(error);
    }
  };
  const beginCalled = useEffectEvent(() => void begin(true));
  useEffect(() => (state === "idle" ? whenCalled(() => beginCalled()) : holdWake()), [state]);
  const stop = (): void => {
    byHand.current = true;
    listening.current?.stop();
  };
  const cancel = (): void => {
    cancelled.current = true;
    listening.current?.cancel();
  };
  const running = called && state !== "idle";
  const callOff = useEffectEvent(cancel);
  useEffect(() => {
    if (!running) return undefined;
    // Nobody's hands are on its button: wherever the focus is, before anything below it.
    const press = (e: KeyboardEvent): void => {
      if (e.key !== "Escape" || e.isComposing || document.querySelector("dialog[open]")) return;
      e.preventDefault();
      e.stopPropagation();
      callOff();
    };
    document.addEventListener("keydown", press, { capture: true });
    return () => document.removeEventListener("keydown", press, { capture: true });
  }, [running]);
  const speakNow = called && state === "listening" ? t(sends ? "dictate.calledSends" : "dictate.called") : "";
  return (
    <>
      <span role="status" className="sr-only">{state === "listening" ? speakNow || t("dictate.listening") : state === "writing" ? t("dictate.writing") : ""}</span>
      {/* Not announced: it changes with every word, and what is final stands in the box. */}
      {state !== "idle" && (saying || speakNow) !== "" && (
        <p dir={saying === "" ? undefined : "auto"} className="pointer-events-none absolute inset-x-0 bottom-full z-10 mb-1.5 flex max-h-24 flex-col justify-end overflow-hidden wrap-anywhere rounded-xl border border-line-strong bg-surface-2 px-4 py-2 text-ink-2">
          <span>
            {saying || speakNow}
            {saying === "" && <span className="pointer-coarse:hidden"> {t("dictate.escape")}</span>}
          </span>
        </p>
      )}
      {state === "idle" || state === "opening"
        ? <IconButton label={t("dictate")} className="size-11!" disabled={state === "opening"} onClick={() => void begin(false)}><AudioLines className="size-5" aria-hidden="true" /></IconButton>
        : state === "listening"
          ? (
            <IconButton
              label={t("dictate.stop", { time: clock(seconds * 1_000) })} className="size-11! text-bad-ink!" aria-pressed onClick={stop}
              onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); cancel(); } }}
            >
              <Square className="size-4 animate-pulse fill-current motion-reduce:animate-none" aria-hidden="true" />
            </IconButton>
          )
          : <IconButton label={t("dictate.cancel")} className="size-11!" onClick={cancel}><Spinner /></IconButton>}
    </>
  );
}
