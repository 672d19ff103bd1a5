import type { LiveListener } from "@/shared/live/live";
import { chatKeys } from "./queries";

/** The server's news about conversations. */
export const onChatNews: LiveListener = (queryClient, name, data) => {
  if (name !== "chat.conversation-changed") return;
  const { conversationId } = data as { conversationId: string };
  void queryClient.invalidateQueries({ queryKey: [...chatKeys.all, "conversations"] });
  void queryClient.invalidateQueries({ queryKey: chatKeys.one(conversationId) });
};
