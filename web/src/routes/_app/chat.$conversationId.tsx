import { createFileRoute } from "@tanstack/react-router";
import { ChatPage } from "@/features/chat";
import { text } from "@/features/chat/text";

export const Route = createFileRoute("/_app/chat/$conversationId")({
  loader: () => text.load(),
  component: Conversation,
});

function Conversation() {
  const { conversationId } = Route.useParams();
  return <ChatPage conversationId={conversationId} />;
}
