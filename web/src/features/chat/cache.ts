import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { ConversationSummary, Message, Page } from "@/shared/api/types";
import { chatKeys } from "./queries";

type Pages<Item> = InfiniteData<Page<Item>, string | null>;

/** Puts a turn's messages into the branch that is shown: known ones are replaced, new ones follow `parentId`. */
export function withMessages(pages: Pages<Message> | undefined, parentId: string | null, added: readonly Message[]): Pages<Message> {
  const before = pages ?? { pages: [{ items: [], nextCursor: null }], pageParams: [null] };
  const known = before.pages.flatMap((page) => page.items);
  let items = known.map((message) => added.find((a) => a.id === message.id) ?? message);
  const fresh = added.filter((a) => !known.some((k) => k.id === a.id));
  if (fresh.length > 0) items = [...[...fresh].reverse(), ...branchBelow(items, parentId)];
  return { ...before, pages: spread(before.pages, items) };
}

/** Newest first, from `parentId` back to the root; what hung below it belongs to another branch. */
export function branchBelow(items: readonly Message[], parentId: string | null): Message[] {
  if (parentId === null) return [];
  const at = items.findIndex((message) => message.id === parentId);
  return at < 0 ? [...items] : items.slice(at);
}

export function patchMessages(queryClient: QueryClient, conversationId: string, parentId: string | null, added: readonly Message[]): void {
  queryClient.setQueryData<Pages<Message>>(chatKeys.messages(conversationId), (pages) => withMessages(pages, parentId, added));
}

/** Changes a conversation wherever it is cached: alone and in every list. */
export function patchConversation(queryClient: QueryClient, id: string, change: Partial<ConversationSummary>): void {
  queryClient.setQueryData<ConversationSummary>(chatKeys.one(id), (one) => one && { ...one, ...change });
  mapLists(queryClient, (items) => items.map((c) => (c.id === id ? { ...c, ...change } : c)));
}

/** Moves a conversation to the top of the active lists, adding it when it is new. */
export function raiseConversation(queryClient: QueryClient, conversation: ConversationSummary): void {
  queryClient.setQueryData<ConversationSummary>(chatKeys.one(conversation.id), (one) => ({ ...one, ...conversation }));
  mapLists(queryClient, (items, view) => (view === "active" || view === "recent" ? [conversation, ...items.filter((c) => c.id !== conversation.id)] : items));
}

/** Takes a conversation out of every list; the answer puts it back. */
export function removeConversation(queryClient: QueryClient, id: string): () => void {
  const before = queryClient.getQueriesData({ queryKey: lists });
  mapLists(queryClient, (items) => items.filter((c) => c.id !== id));
  return () => {
    for (const [key, data] of before) queryClient.setQueryData(key, data);
  };
}

const lists = ["chat", "conversations"] as const;

function mapLists(queryClient: QueryClient, map: (items: ConversationSummary[], view: string) => ConversationSummary[]): void {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: lists })) {
    const view = String(query.queryKey[2]);
    queryClient.setQueryData<Pages<ConversationSummary> | Page<ConversationSummary>>(query.queryKey, (data) => {
      if (!data) return data;
      if (!("pages" in data)) return { ...data, items: map(data.items, view) };
      const items = map(data.pages.flatMap((page) => page.items), view);
      return { ...data, pages: spread(data.pages, items) };
    });
  }
}

/** Keeps the pages and their cursors; what is more or fewer is more or fewer on the first page. */
function spread<Item>(pages: Page<Item>[], items: Item[]): Page<Item>[] {
  const tail = pages.slice(1).reduce((n, page) => n + page.items.length, 0);
  let from = Math.max(0, items.length - tail);
  return pages.map((page, i) => {
    if (i === 0) return { ...page, items: items.slice(0, from) };
    const part = items.slice(from, from + page.items.length);
    from += part.length;
    return { ...page, items: part };
  });
}
