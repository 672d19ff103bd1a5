import type { InfiniteData } from "@tanstack/react-query";
import { create } from "zustand";
import { api } from "@/shared/api/client";
import { isApiError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Message, MessagePlace, Page } from "@/shared/api/types";
import { chatKeys, messagesQuery } from "../queries";
import { setTrouble } from "../store";
import { refresh } from "../turns";

type Pages = InfiniteData<Page<Message>, string | null>;
const largestPage = 200;

/** The message a search led to: it comes into sight and is marked for a moment. */
export const useJumped = create<{ id: string | null }>()(() => ({ id: null }));

let latest = 0;
/** Goes to a message: on its own branch, with all that follows it loaded. */
export async function jumpTo(conversationId: string, messageId: string): Promise<void> {
  const mine = ++latest;
  const path = `/api/chat/conversations/${conversationId}`;
  const place = async () => (await api.get<MessagePlace>(`${path}/messages/${messageId}/place`)).newer;
  useJumped.setState({ id: null });
  try {
    let newer = await place();
    if (newer === null) {
      await api.put(`${path}/head`, { messageId });
      await refresh(conversationId);
      newer = await place();
    }
    await loadDown(conversationId, (newer ?? 0) + 1);
    if (mine === latest) useJumped.setState({ id: messageId });
  } catch (error) {
    if (mine === latest && isApiError(error)) setTrouble(conversationId, { error, retry: () => void jumpTo(conversationId, messageId) });
  }
}

/** Sees to it that so many of the newest messages are there, in as few requests as may be. */
async function loadDown(conversationId: string, count: number): Promise<void> {
  const key = chatKeys.messages(conversationId);
  await queryClient.infiniteQuery(messagesQuery(conversationId));
  const more: { page: Page<Message>; cursor: string | null }[] = [];
  const before = queryClient.getQueryData<Pages>(key);
  if (!before) return;
  let have = before.pages.reduce((n, page) => n + page.items.length, 0);
  let cursor = before.pages.at(-1)?.nextCursor ?? null;
  while (have < count && cursor !== null) {
    const page: Page<Message> = await api.get(`/api/chat/conversations/${conversationId}/messages`, { query: { cursor, limit: largestPage } });
    more.push({ page, cursor });
    have += page.items.length;
    cursor = page.nextCursor;
  }
  if (more.length === 0) return;
  queryClient.setQueryData<Pages>(key, (now) => now && { pages: [...now.pages, ...more.map((m) => m.page)], pageParams: [...now.pageParams, ...more.map((m) => m.cursor)] });
}
