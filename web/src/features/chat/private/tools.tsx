import { Pencil, Play, RotateCcw } from "lucide-react";
import { createContext, use } from "react";
import type { Message } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { SiblingSwitch } from "../components/sibling-switch";
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
  const deeds = use(DeedsContext);
  if (!deeds || message.status === "streaming") return null;
  const { id, siblingIds, status } = message;
  const broke = message.role === "assistant" && status !== "complete";
  return (
    <span className="flex flex-wrap items-center">
      <SiblingSwitch id={id} siblingIds={siblingIds} disabled={deeds.running} onGo={deeds.show} />
      {broke && <span className="px-1.5 text-sm text-ink-2" dir="auto">{message.error?.detail ?? chat(status === "stopped" ? "status.stopped" : status === "failed" ? "status.failed" : "status.interrupted")}</span>}
      {broke && !deeds.running && <Button look="plain" className="px-2! text-sm" onClick={() => deeds.goOn(message)}><Play className="size-3.5 rtl:-scale-x-100" aria-hidden="true" />{chat("status.continue")}</Button>}
      {!deeds.running && (message.role === "user"
        ? <IconButton label={versions("edit")} className={small} onClick={() => deeds.edit(message)}><Pencil className="size-4" aria-hidden="true" /></IconButton>
        : <IconButton label={chat("message.regenerate")} className={small} onClick={() => deeds.regenerate(message)}><RotateCcw className="size-4" aria-hidden="true" /></IconButton>)}
    </span>
  );
}
