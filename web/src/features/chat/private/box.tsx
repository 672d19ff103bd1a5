import { ArrowUp, Square, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/shared/ui/button";
import { Note } from "@/shared/ui/states";
import { useT as useChat } from "../text";
import { useTyping } from "../typing";
import { useT } from "./text";

const longest = 100_000;

interface BoxProps {
  running: boolean;
  /** What it begins with. */
  words: string;
  /** A question is said in other words. */
  editing: boolean;
  onCancel: () => void;
  onSend: (text: string) => void;
  onStop: () => void;
}

/** Where one writes privately. What is typed stays in this box: no draft is kept anywhere, and files are refused. */
export function Box({ running, words: first, editing, onCancel, onSend, onStop }: BoxProps) {
  const t = useT();
  const chat = useChat();
  const box = useRef<HTMLTextAreaElement>(null);
  const typing = useTyping();
  const [words, setWords] = useState(first);
  const [refused, setRefused] = useState(false);
  useEffect(() => { if (editing || matchMedia("(hover: hover)").matches) box.current?.focus(); }, [editing]);
  const submit = (): void => {
    if (running || !words.trim()) return;
    onSend(words);
    setWords("");
  };
  const bring = (data: DataTransfer | null): boolean => {
    const files = (data?.files.length ?? 0) > 0;
    if (files) setRefused(true);
    return files;
  };
  return (
    <form
      className="mx-auto w-full max-w-3xl px-4 pb-4 sm:px-6" onSubmit={(e) => { e.preventDefault(); submit(); }}
      onDragOver={(e) => { if (e.dataTransfer.types.includes("Files")) e.preventDefault(); }} onDrop={(e) => { if (bring(e.dataTransfer)) e.preventDefault(); }}
    >
      {refused && <div role="alert" className="mb-2"><Note tone="warn">{t("files.refused")}</Note></div>}
      {editing && <p className="mb-1 flex items-center gap-2 text-sm text-ink-2">{t("editing")}<IconButton label={t("editing.cancel")} className="size-8! pointer-coarse:size-11!" onClick={onCancel}><X className="size-4" aria-hidden="true" /></IconButton></p>}
      <div className="flex items-end gap-2 rounded-xl border border-line-strong bg-surface-1 p-2 focus-within:outline-2 focus-within:outline-accent-ink">
        <textarea
          ref={box} value={words} rows={1} maxLength={longest} dir="auto" aria-label={t("box.label")} placeholder={t("box.label")} autoComplete="off"
          className="field-sizing-content max-h-60 min-h-10 min-w-0 flex-1 resize-none bg-transparent px-2 py-2 outline-none"
          onChange={(e) => { setWords(e.target.value); setRefused(false); }}
          {...typing.handlers}
          onPaste={(e) => { if (bring(e.clipboardData)) e.preventDefault(); }}
          onKeyDown={(e) => {
            if (e.key === "Escape" && editing) { e.stopPropagation(); onCancel(); }
            if (!typing.sends(e)) return;
            e.preventDefault();
            submit();
          }}
        />
        {running
          ? <IconButton look="jean" label={chat("composer.stop")} onClick={onStop}><Square className="size-4 fill-current" aria-hidden="true" /></IconButton>
          : <IconButton type="submit" look="primary" label={chat("composer.send")} disabled={!words.trim()}><ArrowUp className="size-5" aria-hidden="true" /></IconButton>}
      </div>
    </form>
  );
}
