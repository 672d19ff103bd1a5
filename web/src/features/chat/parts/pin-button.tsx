import { Pin, PinOff } from "lucide-react";
import { api } from "@/shared/api/client";
import { describeError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Message } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { showToast } from "@/shared/ui/toast";
import { patchMessages } from "../cache";
import { chatKeys } from "../queries";
import { useT } from "./text";

/** Pins a message, so that the model is told it however far back it is. */
export default function PinButton({ message, conversationId, className }: { message: Message; conversationId: string; className: string }) {
  const t = useT();
  const toggle = async (): Promise<void> => {
    const path = `/api/chat/conversations/${conversationId}/messages/${message.id}/pin`;
    const show = (pinned: boolean): void => patchMessages(queryClient, conversationId, message.parentId, [{ ...message, pinned }]);
    show(!message.pinned);
    try {
      await (message.pinned ? api.delete(path) : api.put(path));
      void queryClient.invalidateQueries({ queryKey: chatKeys.context(conversationId) });
    } catch (error) {
      show(message.pinned);
      showToast({ text: describeError(error), tone: "bad" });
    }
  };
  return (
    <IconButton label={t(message.pinned ? "pin.off" : "pin.on")} aria-pressed={message.pinned} className={message.pinned ? `${className} text-jean-ink` : className} onClick={() => void toggle()}>
      {message.pinned ? <PinOff className="size-4" aria-hidden="true" /> : <Pin className="size-4" aria-hidden="true" />}
    </IconButton>
  );
}
