import type { SpokenPerformance } from "@/shared/api/types";
import { useJean } from "./store";

/** Plays a performance and lets Jean's face follow it; ends when it was heard or the signal says stop. */
export async function playPerformance(spoken: SpokenPerformance, caption: { text: string; language: string | null }, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const bytes = Uint8Array.from(atob(spoken.audio), (c) => c.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: spoken.mimeType }));
  const audio = new Audio(url);
  try {
    await new Promise<void>((resolve, reject) => {
      audio.addEventListener("ended", () => resolve());
      audio.addEventListener("error", () => reject(new Error("The audio could not be played.")));
      signal.addEventListener("abort", () => resolve());
      audio.play().then(
        () => useJean.setState({ activity: "speaking", caption: caption.text, captionLanguage: caption.language, playing: { performance: spoken, clock: () => audio.currentTime } }),
        (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
      );
    });
  } finally {
    audio.pause();
    URL.revokeObjectURL(url);
    useJean.setState({ activity: "idle", playing: null });
  }
}
