import { createFileRoute } from "@tanstack/react-router";
import { conversationQuery, messagesQuery } from "@/features/chat/queries";

export const Route = createFileRoute("/_app/chat/$conversationId")({
  // Begun with the route and not waited for: the page shows what there is.
  loader: ({ context: { queryClient }, params: { conversationId } }) => {
    for (const query of [queryClient.query(conversationQuery(conversationId)), queryClient.infiniteQuery(messagesQuery(conversationId))]) query.catch(() => undefined);
  },
  component: () => null,
});
