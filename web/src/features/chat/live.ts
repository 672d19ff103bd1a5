import type { LiveListener } from "@/shared/live/live";
import { chatKeys } from "./queries";

/** Conversations this window follows word by word; what the server says about them is known here already. */
const followed = new Set<string>();
export function setFollowed(conversationId: string, now: boolean): void {
  if (now) followed.add(conversationId);
  else followed.delete(conversationId);
}

/** The server's news about conversations. */
export const onChatNews: LiveListener = (queryClient, name, data) => {
  if (name === "chat.transcript-changed") void queryClient.invalidateQueries({ queryKey: [...chatKeys.all, "transcript", (data as { attachmentId: string }).attachmentId] });
  if (name === "chat.memory-changed") void queryClient.invalidateQueries({ queryKey: [...chatKeys.all, "memory"] });
  // Others may read what is in it now, or not any more.
  if (name === "chat.project-changed") void queryClient.invalidateQueries({ queryKey: chatKeys.all });
  if (name !== "chat.conversation-changed") return;
  const { conversationId } = data as { conversationId: string };
  void queryClient.invalidateQueries({ queryKey: [...chatKeys.all, "conversations"] });
  void queryClient.invalidateQueries({ queryKey: chatKeys.one(conversationId) });
  void queryClient.invalidateQueries({ queryKey: chatKeys.people(conversationId) });
  void queryClient.invalidateQueries({ queryKey: chatKeys.history(conversationId) });
  if (!followed.has(conversationId)) void queryClient.invalidateQueries({ queryKey: chatKeys.messages(conversationId) });
};
