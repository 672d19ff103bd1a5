import { infiniteQueryOptions, type InfiniteData } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { describeError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { AddMarkRequest, Mark, MarkedItem, Message, Page } from "@/shared/api/types";
import { showToast } from "@/shared/ui/toast";
import { chatKeys } from "../queries";

export type KeptKind = "bookmark" | "note" | "highlight";
export const reactions = ["👍", "❤️", "😄", "🎉", "🤔", "😕", "🙏", "👀"] as const;
export const colours = ["amber", "green", "teal", "rose"] as const;
export type Colour = (typeof colours)[number];
export const isColour = (value: string | null): value is Colour => colours.some((colour) => colour === value);
export const reasons = {
  up: ["correct", "helpful", "clear", "well-written", "other"],
  down: ["wrong", "not-helpful", "unclear", "too-long", "ignored-instructions", "unsafe", "other"],
} as const;
export type Reason = (typeof reasons)[keyof typeof reasons][number];

export const markKeys = { all: ["chat", "marks"] as const, list: (kind: KeptKind | null) => ["chat", "marks", kind] as const };

/** What one wanted to find again, newest first. */
export const marksQuery = (kind: KeptKind | null) =>
  infiniteQueryOptions({
    queryKey: markKeys.list(kind),
    queryFn: ({ pageParam, signal }) => api.get<Page<MarkedItem>>("/api/chat/marks", { query: { kind, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** Changes the marks of a message where it is shown. */
export function withMarks(pages: InfiniteData<Page<Message>, string | null> | undefined, messageId: string, change: (marks: Mark[]) => Mark[]) {
  return pages && { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map((m) => (m.id === messageId ? { ...m, marks: change(m.marks) } : m)) })) };
}

function patch(conversationId: string, messageId: string, change: (marks: Mark[]) => Mark[]): void {
  queryClient.setQueryData<InfiniteData<Page<Message>, string | null>>(chatKeys.messages(conversationId), (pages) => withMarks(pages, messageId, change));
}

/** Of these a message has one; another takes its place. */
const replaces = (a: Pick<Mark, "kind" | "value">, b: Pick<Mark, "kind" | "value">): boolean =>
  a.kind === b.kind && (a.kind === "rating" || a.kind === "bookmark" || (a.kind === "reaction" && a.value === b.value));

/** Shows the mark at once, sends it, and takes it back when the server refuses. */
export async function addMark(conversationId: string, messageId: string, request: AddMarkRequest): Promise<boolean> {
  const shown: Mark = {
    id: crypto.randomUUID(), messageId, kind: request.kind, value: request.value ?? null, reason: request.reason ?? null, words: request.words ?? "",
    start: request.start ?? null, end: request.end ?? null, createdAt: new Date().toISOString(),
  };
  let before: Mark[] = [];
  patch(conversationId, messageId, (marks) => { before = marks; return [...marks.filter((m) => !replaces(m, shown)), shown]; });
  try {
    const made = await api.post<Mark>(`/api/chat/messages/${messageId}/marks`, request);
    patch(conversationId, messageId, (marks) => marks.map((m) => (m.id === shown.id ? made : m)));
    void queryClient.invalidateQueries({ queryKey: markKeys.all });
    return true;
  } catch (error) {
    patch(conversationId, messageId, () => before);
    showToast({ text: describeError(error), tone: "bad" });
    return false;
  }
}

export async function removeMark(conversationId: string, mark: Mark): Promise<void> {
  patch(conversationId, mark.messageId, (marks) => marks.filter((m) => m.id !== mark.id));
  try {
    await api.delete(`/api/chat/marks/${mark.id}`);
    void queryClient.invalidateQueries({ queryKey: markKeys.all });
  } catch (error) {
    patch(conversationId, mark.messageId, (marks) => [...marks, mark]);
    showToast({ text: describeError(error), tone: "bad" });
  }
}

export async function changeNote(conversationId: string, mark: Mark, words: string): Promise<boolean> {
  patch(conversationId, mark.messageId, (marks) => marks.map((m) => (m.id === mark.id ? { ...m, words } : m)));
  try {
    await api.put(`/api/chat/marks/${mark.id}`, { words });
    void queryClient.invalidateQueries({ queryKey: markKeys.all });
    return true;
  } catch (error) {
    patch(conversationId, mark.messageId, (marks) => marks.map((m) => (m.id === mark.id ? mark : m)));
    showToast({ text: describeError(error), tone: "bad" });
    return false;
  }
}
