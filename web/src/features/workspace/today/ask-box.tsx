import { useNavigate } from "@tanstack/react-router";
import { ArrowUp } from "lucide-react";
import { useRef, useState } from "react";
import { askJean } from "@/shared/jean/ask";
import { cx } from "@/shared/ui/cx";
import { useT } from "../text";

/** Asks Jean: the question travels to a new conversation. */
export function AskBox() {
  const t = useT();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  // isComposing is wrong in some browsers when Vietnamese letters are put together; the events are right.
  const composing = useRef(false);
  const send = (): void => {
    if (!words.trim()) return;
    askJean(words);
    void navigate({ to: "/chat" });
  };
  return (
    <form
      onSubmit={(e) => { e.preventDefault(); send(); }}
      className="flex items-end gap-2 rounded-xl border border-line-strong bg-surface-1 p-2 ps-5 transition-shadow focus-within:border-jean focus-within:ring-3 focus-within:ring-jean-soft"
    >
      <textarea
        rows={1} value={words} dir={words ? "auto" : undefined} aria-label={t("today.ask")} placeholder={t("today.placeholder")} enterKeyHint="send"
        onChange={(e) => setWords(e.target.value)}
        onCompositionStart={() => { composing.current = true; }} onCompositionEnd={() => { composing.current = false; }}
        onKeyDown={(e) => { if (e.key === "Enter" && !e.shiftKey && !composing.current) { e.preventDefault(); send(); } }}
        className="max-h-48 min-h-11 flex-1 resize-none field-sizing-content bg-transparent py-2.5 text-lg leading-6 outline-none"
      />
      <button type="submit" aria-label={t("today.send")} title={t("today.send")} aria-disabled={!words.trim()} className={cx("grid size-11 shrink-0 place-items-center rounded-full transition-colors", words.trim() ? "bg-accent text-on-accent hover:bg-accent-hover" : "bg-surface-2 text-ink-3")}>
        <ArrowUp className="size-5" aria-hidden="true" />
      </button>
    </form>
  );
}
