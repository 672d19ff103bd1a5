import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { ContextMeter, ConversationSettings, ConversationSummary, Message, Model, Page } from "@/shared/api/types";

export type ConversationView = "active" | "archived" | "shared" | "deleted";

export const chatKeys = {
  all: ["chat"] as const,
  conversations: (view: ConversationView) => ["chat", "conversations", view] as const,
  recent: (limit: number) => ["chat", "conversations", "recent", limit] as const,
  one: (id: string) => ["chat", "conversation", id] as const,
  context: (id: string) => ["chat", "context", id] as const,
  settings: (id: string) => ["chat", "settings", id] as const,
  people: (id: string) => ["chat", "people", id] as const,
  history: (id: string) => ["chat", "history", id] as const,
  messages: (id: string) => ["chat", "messages", id] as const,
};

/** The last few conversations, newest first. */
export const recentConversationsQuery = (limit: number) =>
  queryOptions({
    queryKey: chatKeys.recent(limit),
    queryFn: ({ signal }) => api.get<Page<ConversationSummary>>("/api/chat/conversations", { query: { view: "active", limit }, signal }),
  });

/** Every conversation of a view, or those of a project or tag in it, the last used first, a page at a time. */
export const conversationsQuery = (view: ConversationView, { project, tag }: { project: string | null; tag: string | null } = { project: null, tag: null }) =>
  infiniteQueryOptions({
    // What is narrowed has keys of its own: not everything that is new belongs there.
    queryKey: project === null && tag === null ? [...chatKeys.conversations(view), "pages"] : [...chatKeys.all, "conversations", "narrowed", view, project, tag],
    queryFn: ({ pageParam, signal }) => api.get<Page<ConversationSummary>>("/api/chat/conversations", { query: { view, project, tag, cursor: pageParam, limit: 60 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const conversationQuery = (id: string) =>
  queryOptions({ queryKey: chatKeys.one(id), queryFn: ({ signal }) => api.get<ConversationSummary>(`/api/chat/conversations/${id}`, { signal }) });

/** What the model would be told now. */
export const contextQuery = (id: string) =>
  queryOptions({ queryKey: chatKeys.context(id), queryFn: ({ signal }) => api.get<ContextMeter>(`/api/chat/conversations/${id}/context`, { signal }), staleTime: 60_000 });

export const settingsQuery = (id: string) =>
  queryOptions({ queryKey: chatKeys.settings(id), queryFn: ({ signal }) => api.get<ConversationSettings>(`/api/chat/conversations/${id}/settings`, { signal }) });

/** The shown branch, newest first, a page at a time. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: chatKeys.messages(id),
    queryFn: ({ pageParam, signal }) => api.get<Page<Message>>(`/api/chat/conversations/${id}/messages`, { query: { cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** Shares its key with the gateway's own list, so that a model connected there is here at once. */
export const chatModelsQuery = queryOptions({
  queryKey: ["gateway", "models"] as const,
  queryFn: async ({ signal }) => (await api.get<{ items: Model[] }>("/api/gateway/models", { signal })).items,
});
