import { memo, useSyncExternalStore } from "react";
import { cx } from "@/shared/ui/cx";
import type { Entry } from "../branch";
import { liveText, type LiveState } from "../live-turn";
import { Markdown } from "../markdown/markdown";
import { useT } from "../text";
import { ActionButtons } from "./action-buttons";
import { Citations } from "./citations";
import { MessageActions } from "./message-actions";
import { PendingNote, StatusNote } from "./status-note";

interface MessageViewProps {
  entry: Entry;
  conversationId: string | null;
  last: boolean;
}

export const MessageView = memo(function MessageView({ entry, conversationId, last }: MessageViewProps) {
  return entry.message.role === "user" ? <Question entry={entry} conversationId={conversationId} /> : <Answer entry={entry} conversationId={conversationId} last={last} />;
}, (a, b) => a.last === b.last && a.conversationId === b.conversationId && a.entry.message === b.entry.message && a.entry.live === b.entry.live && a.entry.pending === b.entry.pending);

function Question({ entry: { message, pending }, conversationId }: { entry: Entry; conversationId: string | null }) {
  const t = useT();
  return (
    <article aria-label={t("message.yours")} className="group flex flex-col items-end">
      <div dir="auto" className={cx("max-w-[85%] rounded-xl rounded-ee-sm bg-surface-2 px-4 py-2.5 whitespace-pre-wrap wrap-anywhere", (pending?.state === "waiting" || pending?.state === "held") && "opacity-70")}>{message.text}</div>
      {pending ? <PendingNote pending={pending} /> : <MessageActions message={message} conversationId={conversationId} last={false} />}
    </article>
  );
}

function Answer({ entry: { message, live }, conversationId, last }: MessageViewProps) {
  const t = useT();
  return (
    <article aria-label={t("message.jeans")} aria-busy={live !== null} className="group min-w-0" data-status={live ? "streaming" : message.status}>
      {live ? <GrowingText live={live} /> : message.text ? <Markdown text={message.text} final={message.status !== "streaming"} /> : null}
      {!live && message.status === "complete" && !message.text && message.actions.length === 0 && <p className="text-ink-2">{t("message.empty")}</p>}
      <Citations citations={message.citations} />
      <ActionButtons actions={message.actions} />
      {live
        ? live.connection === "lost" && <p className="mt-2 text-sm text-warn-ink">{t(live.phase === "sending" ? "pending.waiting" : "stream.lost")}</p>
        : (
          <>
            {conversationId && <StatusNote message={message} conversationId={conversationId} />}
            <MessageActions message={message} conversationId={conversationId} last={last} />
          </>
        )}
    </article>
  );
}

const nothing = (): string => "";
const never = () => (): void => undefined;

/** Only this part renders with every frame of an answer. */
function GrowingText({ live }: { live: LiveState }) {
  const t = useT();
  const source = liveText(live.conversationId);
  const text = useSyncExternalStore(source?.subscribe ?? never, source?.get ?? nothing);
  if (text) return <div className="growing"><Markdown text={text} final={false} /></div>;
  return (
    <p className="flex h-7 items-center gap-2 text-jean-ink">
      <span className="thinking" aria-hidden="true"><i /><i /><i /></span>
      <span className="sr-only">{t("message.thinking")}</span>
    </p>
  );
}
