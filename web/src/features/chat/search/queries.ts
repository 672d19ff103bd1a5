import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { ConversationSummary, Page, SearchResults, Tag } from "@/shared/api/types";
import { chatKeys } from "../queries";
import { daysAgo, type Filters } from "./filters";

/** One word means what it says; a model is asked about more than one. */
const meansMore = (words: string): boolean => words.trim().includes(" ");

/** Messages that hold the words and pass the filters, a page at a time. */
export const searchQuery = (words: string, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: [...chatKeys.all, "search", words, filters] as const,
    queryFn: ({ pageParam, signal }) => api.get<SearchResults>("/api/chat/search", {
      query: {
        q: words || null, meaning: meansMore(words), project: filters.project, tag: filters.tag, role: filters.role, model: filters.model, has: filters.has,
        from: filters.days === null ? null : daysAgo(filters.days, new Date()), cursor: pageParam, limit: 30,
      },
      signal,
    }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // What was found for the words before stays until the new words have their answer.
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

/** The first few conversations whose titles begin such words. */
export const titlesQuery = (words: string, filters: Filters) =>
  queryOptions({
    queryKey: [...chatKeys.all, "conversations", "titled", words, filters.project, filters.tag] as const,
    queryFn: ({ signal }) => api.get<Page<ConversationSummary>>("/api/chat/conversations", { query: { title: words, project: filters.project, tag: filters.tag, limit: 4 }, signal }),
    placeholderData: keepPreviousData,
  });

export const tagsQuery = queryOptions({
  queryKey: [...chatKeys.all, "tags"] as const,
  queryFn: async ({ signal }) => (await api.get<Page<Tag>>("/api/chat/tags", { signal })).items,
  staleTime: 60_000,
});
