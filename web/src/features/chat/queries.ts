import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { ConversationSummary, Page } from "@/shared/api/types";

export const chatKeys = {
  all: ["chat"] as const,
  conversations: (view: "active" | "archived" | "deleted") => ["chat", "conversations", view] as const,
  recent: (limit: number) => ["chat", "conversations", "recent", limit] as const,
  one: (id: string) => ["chat", "conversation", id] as const,
};

/** The last few conversations, newest first. */
export const recentConversationsQuery = (limit: number) =>
  queryOptions({
    queryKey: chatKeys.recent(limit),
    queryFn: ({ signal }) => api.get<Page<ConversationSummary>>("/api/chat/conversations", { query: { view: "active", limit }, signal }),
  });
