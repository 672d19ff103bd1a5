import { MicrophoneError, type Listener, type Listening } from "@/shared/jean/hearing";
import { turnOff } from "./microphone";
import { untilQuiet } from "./until-quiet";

// Source: W3C Web Speech API; not among TypeScript's own types, as browsers differ.
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start: () => void;
  stop: () => void;
  abort: () => void;
}
interface RecognitionResults extends Event {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}
type RecognitionClass = new () => Recognition;

const tickMs = 250;

/** The browser's own recogniser, which in most browsers is a service of its maker. */
export function listenInBrowser(listener: Listener): Promise<Listening> {
  const known = window as unknown as { SpeechRecognition?: RecognitionClass; webkitSpeechRecognition?: RecognitionClass };
  const Made = known.SpeechRecognition ?? known.webkitSpeechRecognition;
  if (!Made) return Promise.reject(new MicrophoneError());
  // It opens one of its own, and not every system has two at once.
  turnOff();
  const recognition = new Made();
  Object.assign(recognition, { lang: listener.language, continuous: true, interimResults: true });
  let error: unknown = null;
  let cancelled = false;
  const stop = (): void => {
    listener.writing();
    recognition.stop();
  };
  // It hands over no audio: its words alone tell that one speaks.
  const quiet = untilQuiet(listener, true, stop);
  const timer = setInterval(() => quiet.silence(tickMs / 1_000), tickMs);
  recognition.addEventListener("result", (event) => {
    const { results, resultIndex } = event as RecognitionResults;
    if (cancelled) return;
    const saying: string[] = [];
    quiet.words(results[results.length - 1]?.isFinal ?? false);
    for (let i = resultIndex; i < results.length; i++) {
      const text = results[i]![0]!.transcript.trim();
      if (!results[i]!.isFinal) saying.push(text);
      else if (text !== "") listener.heard(text);
    }
    listener.saying(saying.join(" "));
  });
  recognition.addEventListener("error", (event) => {
    const { error: code } = event as Event & { error?: string };
    // Silence is no failure, and neither is being called off.
    if (code === "no-speech" || code === "aborted") return;
    error = code === "not-allowed" || code === "audio-capture" || code === "service-not-allowed" ? new MicrophoneError() : new Error(code);
  });
  recognition.addEventListener("end", () => {
    clearInterval(timer);
    listener.ended(error);
  });
  recognition.start();
  return Promise.resolve({
    stop,
    cancel: () => {
      cancelled = true;
      recognition.abort();
    },
  });
}
