import { ArrowUp, Square } from "lucide-react";
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";
import { interruptSpeech } from "@/shared/jean/speech";
import { cx } from "@/shared/ui/cx";
import { setDraft, useDrafts } from "../store";
import { useT } from "../text";

export interface ComposerHandle {
  focus: () => void;
}

interface ComposerProps {
  /** Whose draft it is. */
  draftKey: string;
  running: boolean;
  /** Sending has to wait, for example until the conversation exists. */
  held?: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
  ref?: Ref<ComposerHandle>;
}

const longest = 100_000;
const draftPauseMs = 300;
const onTouch = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;

/** Where one writes to Jean. Enter sends, Shift and Enter break the line; on a touch screen Enter breaks it. Use it with the draft's key as `key`. */
export function Composer({ draftKey, running, held = false, onSend, onStop, ref }: ComposerProps) {
  const t = useT();
  const box = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState(() => useDrafts.getState().drafts[draftKey] ?? "");
  // isComposing is wrong in some browsers when Vietnamese letters are put together; the events are right.
  const composing = useRef(false);
  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), []);

  const unsaved = useRef<string | null>(null);
  useEffect(() => {
    if (unsaved.current === null) return undefined;
    const timer = setTimeout(save, draftPauseMs);
    return () => clearTimeout(timer);
    function save(): void {
      if (unsaved.current !== null) setDraft(draftKey, unsaved.current);
      unsaved.current = null;
    }
  }, [words, draftKey]);
  useEffect(() => () => { if (unsaved.current !== null) setDraft(draftKey, unsaved.current); }, [draftKey]);
  // A message that was taken back comes here from outside.
  useEffect(() => useDrafts.subscribe(({ drafts }, before) => {
    const draft = drafts[draftKey] ?? "";
    if (draft !== (before.drafts[draftKey] ?? "") && unsaved.current === null) setWords((now) => (now === "" ? draft : now));
  }), [draftKey]);

  const change = (next: string): void => {
    unsaved.current = next;
    setWords(next);
  };
  const text = words.trim();
  const ready = text !== "" && text.length <= longest && !held;
  const send = (): void => {
    if (!ready) return;
    unsaved.current = null;
    setDraft(draftKey, "");
    setWords("");
    onSend(text);
    box.current?.focus();
  };
  return (
    <form onSubmit={(e) => { e.preventDefault(); send(); }} className="mx-auto w-full max-w-3xl px-4 pb-3 sm:px-6 sm:pb-5">
      <div className="flex items-end gap-2 rounded-xl border border-line-strong bg-surface-1 p-1.5 ps-4 transition-shadow focus-within:border-jean focus-within:ring-3 focus-within:ring-jean-soft">
        <textarea
          data-region-start
          ref={box} rows={1} value={words} dir={words ? "auto" : undefined} aria-label={t("composer.label")} placeholder={t("composer.placeholder")}
          onChange={(e) => change(e.target.value)}
          onCompositionStart={() => { composing.current = true; }} onCompositionEnd={() => { composing.current = false; }}
          onKeyDown={(e) => {
            // She stops talking when one begins to answer.
            if (e.key !== "Tab" && e.key !== "Shift") interruptSpeech();
            if (e.key !== "Enter" || e.shiftKey || composing.current || onTouch()) return;
            e.preventDefault();
            send();
          }}
          className="max-h-[40dvh] min-h-11 flex-1 resize-none field-sizing-content bg-transparent py-2.5 leading-6 outline-none"
        />
        {running && !text
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
      {text.length > longest && <p role="alert" className="mt-1.5 px-4 text-sm text-bad-ink">{t("composer.long", { count: text.length - longest })}</p>}
    </form>
  );
}
