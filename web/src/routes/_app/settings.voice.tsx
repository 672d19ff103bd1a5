import { createFileRoute } from "@tanstack/react-router";
import { voicesQuery, voiceStatusQuery } from "@/features/voice/settings/queries";
import { text } from "@/features/voice/settings/text";
import { VoicePage } from "@/features/voice/settings/voice-page";

export const Route = createFileRoute("/_app/settings/voice")({
  loader: ({ context: { queryClient } }) => {
    for (const query of [queryClient.query(voicesQuery), queryClient.query(voiceStatusQuery)]) query.catch(() => undefined);
    return text.load();
  },
  component: VoicePage,
});
