import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSummary, CreateShareRequest, NewShare, Share, SharedComment, SharedTalk } from "@/shared/api/types";

const sharesKey = (conversationId: string) => ["chat", "shares", conversationId] as const;
const sharedKey = (token: string) => ["chat", "shared", token] as const;
const commentsKey = (messageId: string) => ["chat", "comments", messageId] as const;

export const sharesQuery = (conversationId: string) => queryOptions({
  queryKey: sharesKey(conversationId),
  queryFn: ({ signal }) => api.get<Share[]>("/api/chat/shares", { query: { conversationId }, signal }),
});

export async function createShare(conversationId: string, request: CreateShareRequest): Promise<NewShare> {
  const made = await api.post<NewShare>(`/api/chat/conversations/${conversationId}/shares`, request);
  void queryClient.invalidateQueries({ queryKey: sharesKey(conversationId) });
  return made;
}

export async function revokeShare(share: Share): Promise<void> {
  await api.delete(`/api/chat/shares/${share.id}`);
  await queryClient.invalidateQueries({ queryKey: sharesKey(share.conversationId) });
}

/** What a link shows, a page of messages at a time. */
export const sharedQuery = (token: string) => infiniteQueryOptions({
  queryKey: sharedKey(token),
  queryFn: ({ pageParam, signal }) => api.get<SharedTalk>(`/api/chat/shared/${encodeURIComponent(token)}`, { query: { page: pageParam }, signal }),
  initialPageParam: 1,
  getNextPageParam: ({ page, pages }) => (page < pages ? page + 1 : undefined),
  retry: false,
});

export async function comment(token: string, messageId: string, text: string): Promise<void> {
  await api.post<SharedComment>(`/api/chat/shared/${encodeURIComponent(token)}/comments`, { messageId, text });
  await queryClient.invalidateQueries({ queryKey: sharedKey(token) });
}

export const copyShared = (token: string, idempotencyKey: string): Promise<ConversationSummary> =>
  api.post<ConversationSummary>(`/api/chat/shared/${encodeURIComponent(token)}/copy`, undefined, { idempotencyKey });

export const commentsQuery = (messageId: string) => queryOptions({
  queryKey: commentsKey(messageId),
  queryFn: ({ signal }) => api.get<SharedComment[]>(`/api/chat/messages/${messageId}/comments`, { signal }),
});

/** Takes a comment away wherever it is shown. */
export async function deleteComment(id: string, messageId: string): Promise<void> {
  await api.delete(`/api/chat/comments/${id}`);
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: commentsKey(messageId) }),
    queryClient.invalidateQueries({ queryKey: ["chat", "shared"] }),
    queryClient.invalidateQueries({ queryKey: ["chat", "messages"] }),
  ]);
}
