import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Outlet, useParams, useSearch } from "@tanstack/react-router";
import { skillsQuery } from "@/features/agents/queries";
import { suggestions } from "@/features/agents/suggestions";
import { ChatPage } from "@/features/chat";
import { text } from "@/features/chat/text";
import { currentLocale, useLocale } from "@/shared/i18n/locale";

export const Route = createFileRoute("/_app/chat")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(skillsQuery(currentLocale())).catch(() => undefined);
    return text.load();
  },
  component: Chat,
});

/** One page for both addresses, so that nothing is built anew when a first message makes the conversation. */
function Chat() {
  const { conversationId, privateId } = useParams({ strict: false });
  const { project } = useSearch({ strict: false });
  const skills = useQuery(skillsQuery(useLocale()));
  const examples = suggestions(skills.data ?? []).slice(0, 6);
  return (
    <>
      <ChatPage conversationId={conversationId ?? null} projectId={project ?? null} privateId={privateId ?? null} examples={examples} />
      <Outlet />
    </>
  );
}
