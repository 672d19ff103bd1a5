import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Page, PrivateConversation, PrivatePair, SealedMessage } from "@/shared/api/types";

/** What the cache holds of private conversations is sealed: it may outlive the lock. */
export const privateKeys = {
  all: ["chat", "private"] as const,
  key: ["chat", "private", "key"] as const,
  list: ["chat", "private", "list"] as const,
  one: (id: string) => ["chat", "private", "one", id] as const,
  messages: (id: string) => ["chat", "private", "messages", id] as const,
};

const base = "/api/chat/private";

/** Null before it is set up. */
export const privateKeyQuery = queryOptions({
  queryKey: privateKeys.key,
  queryFn: async ({ signal }) => (await api.get<{ pair: PrivatePair | null }>(`${base}/key`, { signal })).pair,
  staleTime: 5 * 60_000,
});

export const privateListQuery = infiniteQueryOptions({
  queryKey: privateKeys.list,
  queryFn: ({ pageParam, signal }) => api.get<Page<PrivateConversation>>(`${base}/conversations`, { query: { cursor: pageParam, limit: 60 }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});

export const privateOneQuery = (id: string) =>
  queryOptions({ queryKey: privateKeys.one(id), queryFn: ({ signal }) => api.get<PrivateConversation>(`${base}/conversations/${id}`, { signal }) });

/** A page of the shown branch, newest first, sealed. */
export const readMessages = (id: string, cursor: string | null, signal?: AbortSignal): Promise<Page<SealedMessage>> =>
  api.get<Page<SealedMessage>>(`${base}/conversations/${id}/messages`, { query: { cursor, limit: 100 }, ...(signal ? { signal } : {}) });

export const privateMessagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: privateKeys.messages(id),
    queryFn: ({ pageParam, signal }) => readMessages(id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const addKey = (pair: PrivatePair): Promise<unknown> => api.post(`${base}/key`, pair);
export const rewrapKey = (pair: Omit<PrivatePair, "recovery"> & Partial<Pick<PrivatePair, "recovery">>): Promise<unknown> => api.put(`${base}/key`, pair);
export const forgetKey = (): Promise<unknown> => api.delete(`${base}/key`);
export const addConversation = (id: string): Promise<unknown> => api.post(`${base}/conversations`, { id });
export const setTitle = (id: string, title: string): Promise<unknown> => api.put(`${base}/conversations/${id}/title`, { title });
export const setModel = (id: string, modelId: string | null): Promise<unknown> => api.put(`${base}/conversations/${id}/model`, { modelId });
export const setHead = (id: string, messageId: string): Promise<unknown> => api.put(`${base}/conversations/${id}/head`, { messageId });
export const deleteConversation = (id: string): Promise<unknown> => api.delete(`${base}/conversations/${id}`);
export const stopTurn = (turnId: string): Promise<unknown> => api.post(`${base}/turns/${turnId}/stop`);
