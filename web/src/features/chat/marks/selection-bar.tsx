import { Highlighter, NotebookPen } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { Message } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { alignWords, rangeOf } from "./align";
import { addMark, colours, removeMark, type Colour } from "./queries";
import { useT } from "./text";

const NoteDialog = lazy(() => import("./mark-dialogs").then((m) => ({ default: m.NoteDialog })));
const swatches: Record<Colour, string> = { amber: "bg-warn", green: "bg-ok", teal: "bg-jean", rose: "bg-bad" };
const barHeightPx = 56;

interface Chosen {
  message: Message;
  start: number;
  end: number;
  top: number;
  middle: number;
}

/** Appears at words of a message that are selected: highlight them, or write a note about them. */
export function SelectionBar({ conversationId, messages }: { conversationId: string; messages: readonly Message[] }) {
  const t = useT();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [noting, setNoting] = useState<Chosen | null>(null);
  const known = useRef(messages);
  useEffect(() => { known.current = messages; });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // When the selection rests: while it is drawn the bar would be in its way.
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setChosen(read(known.current)), 250);
    };
    const away = (e: KeyboardEvent): void => { if (e.key === "Escape") setChosen(null); };
    document.addEventListener("selectionchange", changed);
    document.addEventListener("keydown", away);
    document.addEventListener("scroll", changed, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener("selectionchange", changed);
      document.removeEventListener("keydown", away);
      document.removeEventListener("scroll", changed, { capture: true });
    };
  }, []);
  const leave = (): void => {
    getSelection()?.removeAllRanges();
    setChosen(null);
  };
  const mark = (colour: Colour): void => {
    if (!chosen) return;
    const { message, start, end } = chosen;
    const same = message.marks.find((m) => m.kind === "highlight" && m.start === start && m.end === end);
    if (same) void removeMark(conversationId, same);
    if (same?.value !== colour) void addMark(conversationId, message.id, { kind: "highlight", value: colour, start, end });
    leave();
  };
  return (
    <>
      {chosen && !noting && (
        <div
          role="toolbar" aria-label={t("selection")} onPointerDown={(e) => e.preventDefault()}
          className="frosted enter fixed z-30 flex -translate-x-1/2 items-center rounded-md p-1" style={{ top: chosen.top, left: chosen.middle }}
        >
          <Highlighter className="ms-2 me-1 size-4 text-ink-2" aria-hidden="true" />
          {colours.map((colour) => (
            <button key={colour} type="button" aria-label={t(`colour.${colour}`)} title={t(`colour.${colour}`)} onClick={() => mark(colour)} className="grid size-11 place-items-center rounded-sm hover:bg-surface-2">
              <span className={cx("size-5 rounded-full border border-line-strong", swatches[colour])} aria-hidden="true" />
            </button>
          ))}
          <IconButton label={t("note.add")} onClick={() => setNoting(chosen)}><NotebookPen className="size-4" aria-hidden="true" /></IconButton>
        </div>
      )}
      <Suspense fallback={null}>
        {noting && (
          <NoteDialog
            about={noting.message.text.slice(noting.start, noting.end)} onClose={() => { setNoting(null); leave(); }}
            onSave={(words) => addMark(conversationId, noting.message.id, { kind: "note", words, start: noting.start, end: noting.end })}
          />
        )}
      </Suspense>
    </>
  );
}

function read(messages: readonly Message[]): Chosen | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const inside = (node: Node): HTMLElement | null => (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-words-of]") ?? null;
  const host = inside(range.startContainer);
  if (!host || host !== inside(range.endContainer)) return null;
  const message = messages.find((m) => m.id === host.dataset["wordsOf"]);
  const place = message && rangeOf(alignWords(host, message.text), range);
  if (!place) return null;
  const box = range.getBoundingClientRect();
  const half = 140;
  return { message, ...place, top: Math.max(8, box.top - barHeightPx), middle: Math.min(innerWidth - half, Math.max(half, box.left + box.width / 2)) };
}
