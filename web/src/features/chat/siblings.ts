import { api } from "@/shared/api/client";
import { isApiError } from "@/shared/api/error";
import type { Message } from "@/shared/api/types";
import { rememberSibling, setTrouble } from "./store";
import { refresh } from "./turns";

/** Shows another answer to the same question, with all that followed it. */
export async function showSibling(conversationId: string, from: Message, fromLeaf: string, toLeaf: string): Promise<void> {
  if (from.parentId) rememberSibling(from.parentId, from.id, fromLeaf);
  try {
    await api.put(`/api/chat/conversations/${conversationId}/head`, { messageId: toLeaf });
    await refresh(conversationId);
  } catch (error) {
    if (isApiError(error)) setTrouble(conversationId, { error, retry: () => void showSibling(conversationId, from, fromLeaf, toLeaf) });
  }
}
