import { Ear, EarOff } from "lucide-react";
import { isApiError } from "@/shared/api/error";
import { MicrophoneError } from "@/shared/jean/hearing";
import { retryWake, useWake, useWakeWord } from "@/shared/jean/wake";
import { cx } from "@/shared/ui/cx";
import { showToast } from "@/shared/ui/toast";
import { useT } from "./text";

const button = "min-h-11 rounded-md px-2 font-semibold text-accent-ink hover:underline";

/** Says that the microphone is open, beside the box that it writes in, for as long as Jean may be called by her name. */
export default function WakeSign() {
  const t = useT();
  const { state, error, places } = useWake();
  // While one dictates the button of that says what the microphone does.
  if (places === 0) return null;
  const stop = (): void => {
    useWakeWord.setState({ on: false });
    showToast({ text: t("wake.stopped") });
  };
  const reason = error instanceof MicrophoneError ? t("attach.noMicrophone") : isApiError(error, "models.unknown") ? t("wake.gone") : t("wake.failed");
  const Icon = state === "listening" ? Ear : EarOff;
  return (
    <div className="flex flex-wrap items-center gap-x-2 px-4 text-sm">
      <p role="status" className={cx("flex min-h-11 min-w-0 items-center gap-2", state === "listening" ? "text-jean-ink" : "text-ink-2")}>
        <Icon className="size-4 shrink-0" aria-hidden="true" />
        <span>{state === "listening" ? t("wake.listening") : state === "opening" ? t("wake.opening") : state === "failed" ? reason : t("wake.paused")}</span>
      </p>
      <span className="ms-auto flex">
        {state === "failed" && <button type="button" onClick={retryWake} className={button}>{t("wake.retry")}</button>}
        <button type="button" onClick={stop} className={button}>{t("wake.stop")}</button>
      </span>
    </div>
  );
}
