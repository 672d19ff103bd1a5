import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { chatKeys, messagesQuery } from "../queries";
import { useSwitched } from "../store";
import { refresh } from "../turns";

const mostPages = 200;

/** Brings a message into sight, in whichever branch and however far up it is. The conversation's page is on its way already. */
export async function jumpTo(conversationId: string, messageId: string): Promise<void> {
  const options = messagesQuery(conversationId);
  const has = (): boolean => queryClient.getQueryData(options.queryKey)?.pages.some((page) => page.items.some((m) => m.id === messageId)) ?? false;
  await reach(has, options);
  if (!has()) {
    await api.put(`/api/chat/conversations/${conversationId}/head`, { messageId });
    await refresh(conversationId);
    await reach(has, options);
  }
  useSwitched.setState({ id: messageId, step: 1 });
  void queryClient.invalidateQueries({ queryKey: chatKeys.one(conversationId) });
}

async function reach(has: () => boolean, options: ReturnType<typeof messagesQuery>): Promise<void> {
  for (let pages = 1; pages <= mostPages && !has(); pages *= 2) {
    const data = await queryClient.infiniteQuery({ ...options, pages, staleTime: 0 });
    if (data.pages.at(-1)?.nextCursor == null) return;
  }
}
