import { api } from "@/shared/api/client";
import { describeError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSummary } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import { showToast } from "@/shared/ui/toast";
import { patchConversation, removeConversation } from "./cache";
import { chatKeys } from "./queries";
import { text } from "./text";

const settle = () => queryClient.invalidateQueries({ queryKey: ["chat", "conversations"] });
const path = (id: string, what = ""): string => `/api/chat/conversations/${id}${what}`;

/** Shows a change at once, sends it, and takes it back when the server refuses. */
async function optimistic(undo: () => void, call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    void settle();
    return true;
  } catch (error) {
    undo();
    showToast({ text: describeError(error), tone: "bad" });
    return false;
  }
}

export function renameConversation(conversation: ConversationSummary, title: string): void {
  const { id, title: before, titleSource } = conversation;
  const words = title.trim();
  if (!words || words === before) return;
  patchConversation(queryClient, id, { title: words, titleSource: "manual" });
  void optimistic(() => patchConversation(queryClient, id, { title: before, titleSource }), api.put(path(id, "/title"), { title: words }));
}

export function chooseModel({ id, modelId: before }: ConversationSummary, modelId: string | null): void {
  patchConversation(queryClient, id, { modelId });
  void optimistic(() => patchConversation(queryClient, id, { modelId: before }), api.put(path(id, "/model"), { modelId }));
}

/** Out of the list at once; the toast takes it back. */
async function leaveList(conversation: ConversationSummary, away: () => Promise<unknown>, back: () => Promise<unknown>, said: string): Promise<void> {
  const undo = removeConversation(queryClient, conversation.id);
  if (!(await optimistic(undo, away()))) return;
  void queryClient.invalidateQueries({ queryKey: chatKeys.one(conversation.id) });
  showToast({
    text: said,
    action: {
      label: commonText.t("action.undo"),
      run: () => {
        undo();
        back().then(() => Promise.all([settle(), queryClient.invalidateQueries({ queryKey: chatKeys.one(conversation.id) })]), (error: unknown) => {
          removeConversation(queryClient, conversation.id);
          showToast({ text: describeError(error), tone: "bad" });
        });
      },
    },
  });
}

export const archiveConversation = (c: ConversationSummary): Promise<void> =>
  leaveList(c, () => api.post(path(c.id, "/archive")), () => api.post(path(c.id, "/unarchive")), text.t("list.archived", { title: c.title }));
export const unarchiveConversation = (c: ConversationSummary): Promise<void> =>
  leaveList(c, () => api.post(path(c.id, "/unarchive")), () => api.post(path(c.id, "/archive")), text.t("list.unarchived", { title: c.title }));
export const deleteConversation = (c: ConversationSummary): Promise<void> =>
  leaveList(c, () => api.delete(path(c.id)), () => api.post(path(c.id, "/restore")), text.t("list.deleted", { title: c.title }));
export const restoreConversation = (c: ConversationSummary): Promise<void> =>
  leaveList(c, () => api.post(path(c.id, "/restore")), () => api.delete(path(c.id)), text.t("list.restored", { title: c.title }));
