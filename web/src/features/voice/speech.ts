import { isApiError } from "@/shared/api/error";
import { setSpeaking } from "@/shared/jean/activity";
import { useSpeech, type Speech } from "@/shared/jean/speech";
import { useJean } from "@/shared/jean/store";
import { usePreferences } from "@/shared/theme/store";
import { showToast } from "@/shared/ui/toast";
import { BrowserOutput } from "./audio-output";
import { perform } from "./settings/queries";
import { text } from "./settings/text";
import { Speaker } from "./speaker";

/** Jean's voice in this window, joined to her face and her captions. */
export async function createSpeech(): Promise<Speech> {
  await text.load();
  // Said once for each voice, and not with every sentence.
  let failedVoice: string | null = null;
  const speaker = new Speaker({
    perform,
    output: () => new BrowserOutput(),
    preferences: () => {
      const { voiceId, localVoice, speechRate } = usePreferences.getState();
      return { voiceId, localVoice, rate: speechRate };
    },
    isUnavailable: (error) => isApiError(error, "voice.unavailable"),
    listener: {
      began: (_source, { text: words, language }, performance, clock) => {
        setSpeaking(true);
        useJean.setState({ caption: words, captionLanguage: language, playing: { performance, clock } });
      },
      silent: () => {
        setSpeaking(false);
        useJean.setState({ playing: null });
      },
      reading: (source) => {
        useSpeech.setState({ source });
        useJean.setState({ interrupt: source === null ? null : () => speaker.interrupt() });
      },
      blocked: (blocked) => useSpeech.setState({ blocked }),
      fellBack: () => {
        const { localVoice } = usePreferences.getState();
        if (localVoice === null || localVoice === failedVoice) return;
        failedVoice = localVoice;
        showToast({ text: text.t("local.fellBack", { name: localVoice }) });
      },
      unavailable: () => {
        useSpeech.setState({ unavailable: true });
        showToast({ text: text.t("unavailable") });
      },
    },
  });
  return speaker;
}
