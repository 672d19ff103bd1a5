import { ArrowUp, Square } from "lucide-react";
import { Suspense, useEffect, useEffectEvent, useImperativeHandle, useMemo, useRef, useState, type Ref } from "react";
import { flushSync } from "react-dom";
import type { Attachment } from "@/shared/api/types";
import { interruptSpeech } from "@/shared/jean/speech";
import { useWakeWord } from "@/shared/jean/wake";
import { cx } from "@/shared/ui/cx";
import { lazyPart } from "@/shared/ui/lazy-part";
import { filesOf } from "../attachments/pasted";
import { text as attachText } from "../attachments/text";
import { addFiles, mostFiles, removeUpload, restoreUploads, takeUploads, uploadsOf, useUploads } from "../attachments/uploads";
import { setDraft, useDrafts } from "../store";
import { useT } from "../text";
import { useSharedText } from "../together/use-shared-text";
import { useTyping } from "../typing";

export interface ComposerHandle {
  focus: () => void;
}

interface ComposerProps {
  /** Whose draft it is. */
  draftKey: string;
  /** Null while the conversation does not exist. */
  conversationId?: string | null;
  running: boolean;
  /** Sending has to wait, for example until the conversation exists. */
  held?: boolean;
  onSend: (text: string, attachments: Attachment[]) => void;
  onStop: () => void;
  ref?: Ref<ComposerHandle>;
}

const Chips = lazyPart(() => import("../attachments/chips"));
const AttachTools = lazyPart(() => import("../attachments/tools"));
const WakeSign = lazyPart(() => import("../attachments/wake-sign"));
const ContextBar = lazyPart(() => import("../context/meter"));
const PromptsMenu = lazyPart(() => import("../templates/prompts-menu").then((m) => ({ default: m.PromptsMenu })));

/** The pasted text's name, in the person's language once its words are here. */
const nameOfPaste = (): string => attachText.t("paste.name").replace("paste.name", "text");

/** What the box holds with a text put in the place of its selection. */
const insert = (box: HTMLTextAreaElement, text: string): string => box.value.slice(0, box.selectionStart) + text + box.value.slice(box.selectionEnd);

/** A slash at the very beginning, and what may be the name of a prompt behind it. */
const promptWords = /^\/([^\n/]{0,40})$/u;
const longest = 100_000;
const draftPauseMs = 300;

/** Where one writes to Jean. Use it with the draft's key as `key`. */
export function Composer({ draftKey, conversationId = null, running, held = false, onSend, onStop, ref }: ComposerProps) {
  const t = useT();
  const box = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState(() => useDrafts.getState().drafts[draftKey] ?? "");
  const typing = useTyping();
  const wakes = useWakeWord((s) => s.on);
  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), []);

  const unsaved = useRef<string | null>(null);
  const save = useEffectEvent(() => {
    if (unsaved.current !== null) setDraft(draftKey, unsaved.current);
    unsaved.current = null;
  });
  useEffect(() => {
    const timer = setTimeout(() => save(), draftPauseMs);
    return () => clearTimeout(timer);
  }, [words]);
  useEffect(() => {
    const leave = (): void => save();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      save();
    };
  }, []);
  // A message that was taken back comes here from outside.
  useEffect(() => useDrafts.subscribe(({ drafts }, before) => {
    const draft = drafts[draftKey] ?? "";
    if (draft !== (before.drafts[draftKey] ?? "") && unsaved.current === null) setWords((now) => (now === "" ? draft : now));
  }), [draftKey]);

  // What is written together is kept by the server; what it has not got yet, here.
  const carets = useRef<HTMLDivElement>(null);
  const share = useSharedText({ box, layer: carets, conversationId, draft: conversationId, words, setWords, onKept: () => { unsaved.current = null; setDraft(draftKey, ""); } });
  const change = (next: string): void => {
    unsaved.current = next;
    setWords(next);
    share?.(next);
  };
  const allUploads = useUploads((s) => s.items);
  const uploads = useMemo(() => uploadsOf(allUploads, draftKey), [allUploads, draftKey]);
  const [dragging, setDragging] = useState(false);
  const [note, setNote] = useState<{ text: string; undo?: () => void } | null>(null);
  useEffect(() => { void restoreUploads(); }, []);
  const attach = (files: { name: string; file: Blob }[]): void => {
    void attachText.load().then(() => { if (addFiles(draftKey, files) > 0) setNote({ text: attachText.t("attach.tooMany", { count: mostFiles }) }); });
  };
  /** Files, and text too long for the box, become attachments; the rest is the browser's. */
  const bring = (data: DataTransfer | null): boolean => {
    const brought = filesOf(data, nameOfPaste());
    if (!brought) return false;
    setNote(null);
    attach(brought.files);
    const { text: pasted } = brought;
    const undo = (): void => {
      setNote(null);
      const made = useUploads.getState().items.findLast((u) => u.draftKey === draftKey && u.file === brought.files[0]?.file);
      if (made) removeUpload(made.localId);
      if (pasted !== null && box.current) change(insert(box.current, pasted));
      box.current?.focus();
    };
    // A longer text could not be sent from the box, and would freeze the page in it.
    if (pasted !== null) void attachText.load().then(() => setNote({ text: attachText.t("paste.attached"), ...(pasted.length <= longest ? { undo } : {}) }));
    return true;
  };

  /** What was said stands where the caret is, apart from what is before it. */
  const dictated = (said: string): void => {
    if (!box.current) return;
    const { value, selectionStart } = box.current;
    const added = insert(box.current, selectionStart > 0 && !/\s$/u.test(value.slice(0, selectionStart)) ? ` ${said}` : said);
    // At once: what is said next, or its end, may come before the box is drawn again.
    flushSync(() => change(added));
    box.current.focus();
  };

  const [noMenu, setNoMenu] = useState(false);
  const wanted = promptWords.exec(words)?.[1];
  if (noMenu && wanted === undefined) setNoMenu(false);
  const text = words.trim();
  const busy = uploads.some((u) => u.state !== "done");
  const ready = (text !== "" || uploads.length > 0) && text.length <= longest && !held && !busy;
  const send = (): void => {
    if (!ready) return;
    unsaved.current = null;
    setDraft(draftKey, "");
    setWords("");
    share?.("");
    setNote(null);
    onSend(text, takeUploads(draftKey));
    box.current?.focus();
  };
  /** Not with something else that stands there: that was not meant to go yet. */
  const sendSaid = (said: string): void => { if (useWakeWord.getState().sends && text === said) send(); };
  return (
    <>
      {/* Beside the form and not in it: what it asks is sent by forms of its own. */}
      {wanted !== undefined && !noMenu && (
        <div className="mx-auto w-full max-w-3xl px-4 sm:px-6">
          <Suspense fallback={null}><PromptsMenu box={box} composing={typing.composing} words={wanted} onClose={() => setNoMenu(true)} onTake={(prompt) => { change(prompt); box.current?.focus(); }} /></Suspense>
        </div>
      )}
      <form
        onSubmit={(e) => { e.preventDefault(); send(); }} className="mx-auto w-full max-w-3xl px-4 pb-3 sm:px-6"
        onDragOver={(e) => { if (e.dataTransfer.types.includes("Files")) { e.preventDefault(); setDragging(true); } }}
        onDragLeave={(e) => { if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setDragging(false); }}
        onDrop={(e) => { setDragging(false); if (bring(e.dataTransfer)) e.preventDefault(); }}
      >
        {uploads.length > 0 && <Suspense><Chips uploads={uploads} /></Suspense>}
        <div className={cx("relative flex items-end gap-1 rounded-xl border bg-surface-1 p-1.5 transition-shadow focus-within:border-jean focus-within:ring-3 focus-within:ring-jean-soft", dragging ? "border-dashed border-jean ring-3 ring-jean-soft" : "border-line-strong")}>
          <Suspense fallback={<span className="size-11" />}><AttachTools onFiles={attach} onText={dictated} onSaid={sendSaid} /></Suspense>
          <textarea
            data-region-start
            ref={box} rows={1} value={words} dir={words ? "auto" : undefined} aria-label={t("composer.label")} placeholder={t("composer.placeholder")}
            onChange={(e) => change(e.target.value)}
            onPaste={(e) => { if (bring(e.clipboardData)) e.preventDefault(); }}
            {...typing.handlers}
            onKeyDown={(e) => {
              // She stops talking when one begins to answer.
              if (e.key !== "Tab" && e.key !== "Shift") interruptSpeech();
              if (!typing.sends(e)) return;
              e.preventDefault();
              send();
            }}
            className="max-h-[40dvh] min-h-11 flex-1 resize-none field-sizing-content bg-transparent py-2.5 leading-6 outline-none"
          />
          {share && <div ref={carets} aria-hidden="true" className="pointer-events-none absolute" />}
          {running && !text && uploads.length === 0
            ? (
              <button type="button" onClick={onStop} aria-label={t("composer.stop")} title={t("composer.stop")} className="grid size-11 shrink-0 place-items-center rounded-full bg-ink-1 text-surface-0 transition-opacity hover:opacity-85">
                <Square className="size-4 fill-current" aria-hidden="true" />
              </button>
            )
            : (
              <button type="submit" aria-label={t("composer.send")} title={t("composer.send")} aria-disabled={!ready} className={cx("grid size-11 shrink-0 place-items-center rounded-full transition-colors", ready ? "bg-accent text-on-accent hover:bg-accent-hover" : "bg-surface-2 text-ink-3")}>
                <ArrowUp className="size-5" aria-hidden="true" />
              </button>
            )}
        </div>
        {wakes && <Suspense><WakeSign /></Suspense>}
        {note && (
          <p role="status" className="mt-1.5 flex flex-wrap items-center gap-x-3 px-4 text-sm text-ink-2">
            {note.text}
            {note.undo && <button type="button" onClick={note.undo} className="min-h-11 font-semibold text-accent-ink hover:underline">{attachText.t("paste.asText")}</button>}
          </p>
        )}
        {conversationId && <Suspense fallback={<div className="h-9" />}><ContextBar conversationId={conversationId} /></Suspense>}
        {text.length > longest && <p role="alert" className="mt-1.5 px-4 text-sm text-bad-ink">{t("composer.long", { count: text.length - longest })}</p>}
      </form>
    </>
  );
}
