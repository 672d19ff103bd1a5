import { ChevronLeft, ChevronRight, Pencil, Play, RotateCcw } from "lucide-react";
import { createContext, use } from "react";
import type { Message } from "@/shared/api/types";
import { formatNumber } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { useT as useChat } from "../text";
import { text as versionsText } from "../versions/text";

const small = "size-8! pointer-coarse:size-11!";

export interface Deeds {
  running: boolean;
  edit: (message: Message) => void;
  regenerate: (message: Message) => void;
  goOn: (message: Message) => void;
  show: (messageId: string) => void;
}
export const DeedsContext = createContext<Deeds | null>(null);

/** Below a message of a private conversation: its other versions, other words, another answer, the rest of one that broke off. */
export function Tools({ message }: { message: Message }) {
  const chat = useChat();
  const versions = versionsText.useT();
  const locale = useLocale();
  const deeds = use(DeedsContext);
  if (!deeds || message.status === "streaming") return null;
  const { id, siblingIds, status } = message;
  const at = siblingIds.indexOf(id);
  const broke = message.role === "assistant" && status !== "complete";
  return (
    <span className="flex flex-wrap items-center">
      {siblingIds.length > 1 && at >= 0 && (
        <span className="inline-flex items-center" role="group" aria-label={chat("siblings.label", { at: at + 1, count: siblingIds.length })}>
          <IconButton label={chat("siblings.before")} className={small} disabled={deeds.running || at === 0} onClick={() => deeds.show(siblingIds[at - 1]!)}><ChevronLeft className="size-4 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
          <span className="text-sm tabular-nums" aria-hidden="true">{formatNumber(at + 1, locale)} / {formatNumber(siblingIds.length, locale)}</span>
          <IconButton label={chat("siblings.after")} className={small} disabled={deeds.running || at === siblingIds.length - 1} onClick={() => deeds.show(siblingIds[at + 1]!)}><ChevronRight className="size-4 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
        </span>
      )}
      {broke && <span className="px-1.5 text-sm text-ink-2" dir="auto">{message.error?.detail ?? chat(status === "stopped" ? "status.stopped" : status === "failed" ? "status.failed" : "status.interrupted")}</span>}
      {broke && !deeds.running && <Button look="plain" className="px-2! text-sm" onClick={() => deeds.goOn(message)}><Play className="size-3.5 rtl:-scale-x-100" aria-hidden="true" />{chat("status.continue")}</Button>}
      {!deeds.running && (message.role === "user"
        ? <IconButton label={versions("edit")} className={small} onClick={() => deeds.edit(message)}><Pencil className="size-4" aria-hidden="true" /></IconButton>
        : <IconButton label={chat("message.regenerate")} className={small} onClick={() => deeds.regenerate(message)}><RotateCcw className="size-4" aria-hidden="true" /></IconButton>)}
    </span>
  );
}
