import { memo, Suspense, useState, useSyncExternalStore } from "react";
import type { MessagePart } from "@/shared/api/types";
import { cx } from "@/shared/ui/cx";
import { lazyPart } from "@/shared/ui/lazy-part";
import type { Entry } from "../branch";
import { liveText, type LiveState } from "../live-turn";
import { Markdown } from "../markdown/markdown";
import { Highlighter } from "../marks/highlighter";
import { MarkStrip } from "../marks/lazy";
import { segmentsOf } from "../parts/segments";
import { text as sharingText } from "../sharing/text";
import { useT } from "../text";
import { knownMessage } from "../turns";
import { useCompany } from "../together/company";
import { QuestionEditor } from "../versions/lazy";
import { ActionButtons } from "./action-buttons";
import { MessageActions } from "./message-actions";
import { PendingNote, StatusNote } from "./status-note";

// Few answers have any.
const Citations = lazyPart(() => import("./citations").then((m) => ({ default: m.Citations })));
const PartView = lazyPart(() => import("../parts/part-view"));
const AttachedParts = lazyPart(() => import("../parts/attached"));
const HearingNote = lazyPart(() => import("../parts/hearing-note"));
const AuthorName = lazyPart(() => import("../together/author-name"));
const CommentsButton = lazyPart(() => Promise.all([import("../sharing/comments"), sharingText.load()]).then(([comments]) => comments));

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
  const [editing, setEditing] = useState(false);
  const { together } = useCompany();
  return (
    <article aria-label={t(together ? "message.theirs" : "message.yours")} className="group flex flex-col items-end">
      {together && message.authorId && <Suspense><AuthorName conversationId={conversationId} authorId={message.authorId} /></Suspense>}
      {message.parts.length > 0 && <Suspense><AttachedParts parts={message.parts} /></Suspense>}
      {editing && conversationId ? <QuestionEditor message={message} conversationId={conversationId} onClose={() => setEditing(false)} /> : message.text && <Highlighter message={message} dir="auto" className={cx("max-w-[85%] rounded-xl rounded-ee-sm bg-surface-2 px-4 py-2.5 whitespace-pre-wrap wrap-anywhere", (pending?.state === "waiting" || pending?.state === "held") && "opacity-70")}>{message.text}</Highlighter>}
      {conversationId && <MarkStrip message={message} conversationId={conversationId} />}
      {message.comments > 0 && <Suspense><CommentsButton messageId={message.id} count={message.comments} /></Suspense>}
      {pending ? <PendingNote pending={pending} /> : !editing && <MessageActions message={message} conversationId={conversationId} last={false} onEdit={() => setEditing(true)} />}
    </article>
  );
}

function Answer({ entry: { message, live }, conversationId, last }: MessageViewProps) {
  const t = useT();
  return (
    <article aria-label={t("message.jeans")} aria-busy={live !== null} className="group min-w-0" data-status={live ? "streaming" : message.status}>
      {live ? <GrowingText live={live} /> : <Highlighter message={message}><AnswerBody text={message.text} parts={message.parts} final={message.status !== "streaming"} live={null} /></Highlighter>}
      {!live && message.status === "complete" && !message.text && message.actions.length === 0 && message.parts.length === 0 && <p className="text-ink-2">{t("message.empty")}</p>}
      {message.citations.length > 0 && <Suspense><Citations citations={message.citations} /></Suspense>}
      <ActionButtons actions={message.actions} />
      {live
        ? live.connection === "lost" && <p className="mt-2 text-sm text-warn-ink">{t(live.phase === "sending" ? "pending.waiting" : "stream.lost")}</p>
        : (
          <>
            {conversationId && <StatusNote message={message} conversationId={conversationId} />}
            {conversationId && <MarkStrip message={message} conversationId={conversationId} />}
            {message.comments > 0 && <Suspense><CommentsButton messageId={message.id} count={message.comments} /></Suspense>}
            <MessageActions message={message} conversationId={conversationId} last={last} />
          </>
        )}
    </article>
  );
}

/** Text and parts in the order they were said. Most answers have no parts and pay nothing for them. */
function AnswerBody({ text, parts, final, live }: { text: string; parts: readonly MessagePart[]; final: boolean; live: string | null }) {
  return segmentsOf(text, parts).map((segment) => ("part" in segment
    ? <Suspense key={`part ${segment.part.ordinal}`}><PartView part={segment.part} live={live} /></Suspense>
    : <div key={`text ${segment.at}`} className={live !== null && segment.last ? "growing" : undefined}><Markdown text={segment.text} final={final || !segment.last} /></div>));
}

const nothing = (): string => "";
const never = () => (): void => undefined;

/** Only this part renders with every frame of an answer. */
function GrowingText({ live }: { live: LiveState }) {
  const source = liveText(live.conversationId);
  const text = useSyncExternalStore(source?.subscribe ?? never, source?.get ?? nothing);
  const { parts } = live.answer;
  // Nothing is being written below what is there, and no part says by itself that it runs.
  const waits = !text.slice(parts.at(-1)?.at ?? 0).trim() && parts.every((part) => part.state !== "running");
  return (
    <>
      <AnswerBody text={text} parts={parts} final={false} live={live.conversationId} />
      {waits && <Waiting live={live} />}
    </>
  );
}

/** What was spoken is written down before Jean thinks about it. */
function Waiting({ live }: { live: LiveState }) {
  const parts = (live.question ?? knownMessage(live.conversationId, live.answer.parentId ?? ""))?.parts ?? [];
  if (!parts.some((part) => part.attachment?.transcript)) return <Thinking />;
  return <Suspense fallback={<Thinking />}><HearingNote parts={parts}><Thinking /></HearingNote></Suspense>;
}

function Thinking() {
  const t = useT();
  return (
    <p className="flex h-7 items-center gap-2 text-jean-ink">
      <span className="thinking" aria-hidden="true"><i /><i /><i /></span>
      <span className="sr-only">{t("message.thinking")}</span>
    </p>
  );
}
