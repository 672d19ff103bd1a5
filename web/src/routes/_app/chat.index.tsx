import { createFileRoute } from "@tanstack/react-router";
import { ChatPage } from "@/features/chat";
import { text } from "@/features/chat/text";

export const Route = createFileRoute("/_app/chat/")({
  loader: () => text.load(),
  component: () => <ChatPage conversationId={null} />,
});
