import { NotebookPen, Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Mark, Message } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { changeNote, removeMark } from "./queries";
import { useT } from "./text";

const NoteDialog = lazy(() => import("./mark-dialogs").then((m) => ({ default: m.NoteDialog })));

/** The reactions and notes below a message; nothing where there are none. */
export function MarkStrip({ message, conversationId }: { message: Message; conversationId: string }) {
  const reactions = message.marks.filter((m) => m.kind === "reaction");
  const notes = message.marks.filter((m) => m.kind === "note");
  if (reactions.length === 0 && notes.length === 0) return null;
  return (
    <div className="mt-2 flex max-w-full flex-col items-start gap-2">
      {reactions.length > 0 && <Reactions reactions={reactions} conversationId={conversationId} />}
      {notes.map((note) => <Note key={note.id} note={note} message={message} conversationId={conversationId} />)}
    </div>
  );
}

function Reactions({ reactions, conversationId }: { reactions: readonly Mark[]; conversationId: string }) {
  const t = useT();
  return (
    <div className="flex flex-wrap gap-1.5">
      {reactions.map((mark) => (
        <button key={mark.id} type="button" aria-label={t("react.remove", { emoji: mark.value ?? "" })} onClick={() => void removeMark(conversationId, mark)} className="min-h-8 rounded-full border border-line bg-surface-1 px-2.5 hover:bg-surface-2 pointer-coarse:min-h-11">{mark.value}</button>
      ))}
    </div>
  );
}

function Note({ note, message, conversationId }: { note: Mark; message: Message; conversationId: string }) {
  const t = useT();
  const [changing, setChanging] = useState(false);
  const about = note.start !== null && note.end !== null ? message.text.slice(note.start, note.end) : null;
  return (
    <aside aria-label={t("note")} className="flex w-full max-w-prose items-start gap-2 rounded-md bg-warn-soft py-1.5 ps-3 pe-1 text-sm text-ink-1">
      <NotebookPen className="mt-1.5 size-4 shrink-0 text-warn-ink" aria-hidden="true" />
      <div className="min-w-0 flex-1 py-1">
        {about && <p dir="auto" className="line-clamp-2 text-ink-2">“{about}”</p>}
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">{note.words}</p>
      </div>
      <IconButton label={t("note.change")} className="size-8! pointer-coarse:size-11!" onClick={() => setChanging(true)}><Pencil className="size-4" aria-hidden="true" /></IconButton>
      <IconButton label={t("note.remove")} className="size-8! pointer-coarse:size-11!" onClick={() => void removeMark(conversationId, note)}><Trash2 className="size-4" aria-hidden="true" /></IconButton>
      <Suspense fallback={null}>{changing && <NoteDialog words={note.words} onClose={() => setChanging(false)} onSave={(words) => changeNote(conversationId, note, words)} />}</Suspense>
    </aside>
  );
}
