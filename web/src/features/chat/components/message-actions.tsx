import { ChevronLeft, ChevronRight, Info, RotateCcw, Square, Volume2 } from "lucide-react";
import { useId } from "react";
import type { Message } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { interruptSpeech, say, unlockSpeech, useSpeech } from "@/shared/jean/speech";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { CopyButton } from "../markdown/markdown";
import { plainText, sentencesOf } from "../markdown/plain";
import { showSibling } from "../siblings";
import { useSiblings } from "../store";
import { useT } from "../text";
import { regenerate } from "../turns";

const small = "size-8! pointer-coarse:size-11!";

interface MessageActionsProps {
  message: Message;
  /** Null for what the person wrote: it can be copied. */
  conversationId: string | null;
  last: boolean;
  leaf: string;
}

/** The quiet row below a message: there for the last one, else on hover, focus or touch. */
export function MessageActions({ message, conversationId, last, leaf }: MessageActionsProps) {
  const t = useT();
  const id = useId();
  const locale = useLocale();
  return (
    <div className={cx("mt-1 -ms-1.5 flex items-center text-ink-3 transition-opacity", !last && "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100")}>
      {message.text && <CopyButton text={message.text} label={t("message.copy")} />}
      {conversationId && message.text && <ReadAloud message={message} />}
      {conversationId && (
        <>
          <IconButton label={t("message.regenerate")} className={small} onClick={() => regenerate(conversationId, message, leaf, null)}><RotateCcw className="size-4" aria-hidden="true" /></IconButton>
          <Siblings message={message} conversationId={conversationId} leaf={leaf} />
          <IconButton label={t("message.details")} className={small} popoverTarget={id}><Info className="size-4" aria-hidden="true" /></IconButton>
          <div id={id} popover="auto" className="frosted m-auto rounded-md p-4 text-sm text-ink-1">
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
              <dt className="text-ink-2">{t("details.model")}</dt><dd dir="ltr" className="text-end">{message.modelId ?? "—"}</dd>
              <dt className="text-ink-2">{t("details.time")}</dt><dd className="text-end"><time dateTime={message.createdAt}>{formatDate(message.createdAt, locale)}</time></dd>
            </dl>
          </div>
        </>
      )}
    </div>
  );
}

function ReadAloud({ message }: { message: Message }) {
  const t = useT();
  const reading = useSpeech((s) => s.source === message.id);
  const unavailable = useSpeech((s) => s.unavailable);
  if (unavailable) return null;
  const toggle = (): void => {
    interruptSpeech();
    if (reading) return;
    unlockSpeech();
    for (const text of sentencesOf(plainText(message.text), message.language)) say(message.id, { text, language: message.language });
  };
  return (
    <IconButton label={t(reading ? "message.silence" : "message.read")} aria-pressed={reading} className={cx(small, reading && "text-jean-ink")} onClick={toggle}>
      {reading ? <Square className="size-3.5 fill-current" aria-hidden="true" /> : <Volume2 className="size-4" aria-hidden="true" />}
    </IconButton>
  );
}

/** Moves between answers to the same question, as far as this device knows them. */
function Siblings({ message, conversationId, leaf }: { message: Message; conversationId: string; leaf: string }) {
  const t = useT();
  const known = useSiblings((s) => (message.parentId ? s.by[message.parentId] : undefined));
  const at = known?.findIndex((s) => s.id === message.id) ?? -1;
  if (!known || known.length < 2 || at < 0) return null;
  const go = (to: number): void => void showSibling(conversationId, message, leaf, known[to]!.leaf);
  return (
    <span className="mx-1 inline-flex items-center" role="group" aria-label={t("siblings.label")}>
      <IconButton label={t("siblings.before")} className={small} disabled={at === 0} onClick={() => go(at - 1)}><ChevronLeft className="size-4 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
      <span className="text-sm tabular-nums" dir="ltr">{at + 1}/{known.length}</span>
      <IconButton label={t("siblings.after")} className={small} disabled={at === known.length - 1} onClick={() => go(at + 1)}><ChevronRight className="size-4 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
    </span>
  );
}
