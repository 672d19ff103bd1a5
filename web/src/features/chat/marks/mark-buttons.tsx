import { Bookmark, NotebookPen, SmilePlus, ThumbsDown, ThumbsUp } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import type { Message } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { addMark, reactions, removeMark } from "./queries";
import { useT } from "./text";

const NoteDialog = lazy(() => import("./mark-dialogs").then((m) => ({ default: m.NoteDialog })));
const RatingDialog = lazy(() => import("./mark-dialogs").then((m) => ({ default: m.RatingDialog })));
const small = "size-8! pointer-coarse:size-11!";

/** What one can leave on a message, in its row of actions. */
export function MarkButtons({ message, conversationId }: { message: Message; conversationId: string }) {
  const t = useT();
  const id = useId();
  const [asking, setAsking] = useState<"note" | "up" | "down" | null>(null);
  const rating = message.marks.find((m) => m.kind === "rating");
  const bookmark = message.marks.find((m) => m.kind === "bookmark");
  const toggleRating = (value: "up" | "down"): void => {
    if (rating?.value === value) { void removeMark(conversationId, rating); return; }
    void addMark(conversationId, message.id, { kind: "rating", value });
    setAsking(value);
  };
  return (
    <>
      {message.role === "assistant" && (["up", "down"] as const).map((value) => {
        const Icon = value === "up" ? ThumbsUp : ThumbsDown;
        return (
          <IconButton key={value} label={t(`rate.${value}`)} aria-pressed={rating?.value === value} className={cx(small, rating?.value === value && "text-jean-ink")} onClick={() => toggleRating(value)}>
            <Icon className={cx("size-4", rating?.value === value && "fill-jean-soft")} aria-hidden="true" />
          </IconButton>
        );
      })}
      <IconButton
        label={t(bookmark ? "bookmark.remove" : "bookmark.add")} aria-pressed={bookmark !== undefined} className={cx(small, bookmark && "text-jean-ink")}
        onClick={() => void (bookmark ? removeMark(conversationId, bookmark) : addMark(conversationId, message.id, { kind: "bookmark" }))}
      >
        <Bookmark className={cx("size-4", bookmark && "fill-current")} aria-hidden="true" />
      </IconButton>
      <IconButton label={t("react")} className={small} popoverTarget={id} style={{ anchorName: `--${CSS.escape(id)}` }}><SmilePlus className="size-4" aria-hidden="true" /></IconButton>
      <div id={id} popover="auto" style={{ positionAnchor: `--${CSS.escape(id)}` }} onClick={(e) => e.currentTarget.hidePopover()} className="menu frosted enter rounded-md p-1.5">
        <div className="grid grid-cols-4">
          {reactions.map((emoji) => {
            const mine = message.marks.find((m) => m.kind === "reaction" && m.value === emoji);
            return (
              <button
                key={emoji} type="button" aria-pressed={mine !== undefined} aria-label={emoji} className={cx("grid size-11 place-items-center rounded-sm text-xl hover:bg-surface-2", mine && "bg-jean-soft")}
                onClick={() => void (mine ? removeMark(conversationId, mine) : addMark(conversationId, message.id, { kind: "reaction", value: emoji }))}
              >{emoji}</button>
            );
          })}
        </div>
      </div>
      <IconButton label={t("note.add")} className={small} onClick={() => setAsking("note")}><NotebookPen className="size-4" aria-hidden="true" /></IconButton>
      <Suspense fallback={null}>
        {asking === "note" && <NoteDialog onClose={() => setAsking(null)} onSave={(words) => addMark(conversationId, message.id, { kind: "note", words })} />}
        {(asking === "up" || asking === "down") && <RatingDialog value={asking} onClose={() => setAsking(null)} onSave={(more) => addMark(conversationId, message.id, { kind: "rating", value: asking, ...more })} />}
      </Suspense>
    </>
  );
}
