import { api } from "@/shared/api/client";
import { isApiError } from "@/shared/api/error";
import { setTrouble, useSwitched } from "./store";
import { refresh } from "./turns";

/** Shows another version of a message, with what was said last below it. */
export async function showSibling(conversationId: string, id: string, step: -1 | 1): Promise<void> {
  // Before the call: the server's news of it may bring the new branch before its answer is here.
  useSwitched.setState({ id, step });
  try {
    await api.put(`/api/chat/conversations/${conversationId}/head`, { messageId: id });
    await refresh(conversationId);
  } catch (error) {
    useSwitched.setState({ id: null });
    if (isApiError(error)) setTrouble(conversationId, { error, retry: () => void showSibling(conversationId, id, step) });
  }
}
