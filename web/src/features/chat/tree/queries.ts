import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { describeError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Attachment, ConversationSummary, ConversationTree, PrunedBranch } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import { showToast } from "@/shared/ui/toast";
import { plainText } from "../markdown/plain";
import { chatKeys } from "../queries";
import { sendMessage } from "../sending";
import { refresh } from "../turns";
import { text } from "./text";

const path = (id: string, what: string): string => `/api/chat/conversations/${id}${what}`;

/** Below the conversation's key: whatever makes that stale makes its picture stale. */
export const treeQuery = (id: string) =>
  queryOptions({
    queryKey: [...chatKeys.one(id), "tree"] as const,
    queryFn: async ({ signal }) => {
      const tree = await api.get<ConversationTree>(path(id, "/tree"), { signal });
      return { ...tree, segments: tree.segments.map((segment) => ({ ...segment, opening: words(segment.opening), ending: words(segment.ending) })) };
    },
  });

/** Without the signs of Markdown; with them where there is nothing else, as in code. */
const words = (text: string): string => plainText(text) || text;

/** Begins a conversation with everything down to a message; its id. */
export async function copyBranch(id: string, messageId: string): Promise<string> {
  const copy = await api.post<ConversationSummary>(path(id, "/copy"), { messageId });
  void queryClient.invalidateQueries({ queryKey: ["chat", "conversations"] });
  return copy.id;
}

/** Asks for a summary of what a branch says beyond the shown one, where the shown one goes on; the branch comes along as a file. */
export async function mergeBranch(id: string, messageId: string): Promise<void> {
  const branch = await api.post<Attachment>(path(id, `/messages/${messageId}/file`));
  sendMessage({ conversationId: id, text: text.t("merge.ask"), parentId: null, modelId: null, attachments: [branch] });
}

/** Cuts a branch off; the toast puts it back. */
export async function pruneBranch(id: string, messageId: string): Promise<void> {
  const { conversationId } = await api.delete<PrunedBranch>(path(id, `/messages/${messageId}`));
  await refresh(id);
  const back = (): Promise<unknown> => api.post(path(id, "/graft"), { conversationId }).then(() => refresh(id));
  showToast({
    text: text.t("pruned"),
    action: { label: commonText.t("action.undo"), run: () => void back().catch((error: unknown) => showToast({ text: describeError(error), tone: "bad" })) },
  });
}
