import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { flushSync } from "react-dom";
import { movedBy } from "./changed-span";
import { useCompany } from "./company";
import { typing } from "./presence";
import type { SharedText } from "./shared-text";

interface SharedBox {
  box: RefObject<HTMLTextAreaElement | null>;
  conversationId: string | null;
  /** The id of a message, or of the conversation for the question to come. */
  draft: string | null;
  words: string;
  setWords: (text: string) => void;
  /** The server has all of it. */
  onKept?: () => void;
}

/**
 * Makes the text of a box one that everybody of the conversation writes. The caret stays where it is in the words, whatever the others do
 * around it. Returns what to call with each text the person makes of it; null where nobody else writes.
 */
export function useSharedText({ box, conversationId, draft, words, setWords, onKept }: SharedBox): ((text: string) => void) | null {
  const shared = useRef<SharedText | null>(null);
  const latest = useRef({ words, setWords, onKept });
  useEffect(() => { latest.current = { words, setWords, onKept }; });
  const caret = useRef<[number, number] | null>(null);
  const { topic, role } = useCompany();
  const open = conversationId !== null && draft !== null && topic !== null && role !== "view";
  useEffect(() => {
    if (!open) return undefined;
    let left = false;
    const element = box.current;
    const hold = (): void => shared.current?.hold();
    const release = (): void => shared.current?.release();
    element?.addEventListener("compositionstart", hold);
    // After the box has told what was put together.
    const ended = (): void => void setTimeout(release);
    element?.addEventListener("compositionend", ended);
    void import("./shared-text").then(({ SharedText: Shared }) => {
      if (left) return;
      shared.current = new Shared({
        conversationId, draft, topic, initial: latest.current.words, typed: draft === conversationId, onKept: () => latest.current.onKept?.(),
        onText: (text, span) => {
          const field = box.current;
          if (field && document.activeElement === field) caret.current = [movedBy(field.selectionStart, span), movedBy(field.selectionEnd, span)];
          latest.current.words = text;
          // At once: the next letter is put into the text that is shown.
          flushSync(() => latest.current.setWords(text));
        },
      });
    });
    return () => {
      left = true;
      element?.removeEventListener("compositionstart", hold);
      element?.removeEventListener("compositionend", ended);
      shared.current?.close();
      shared.current = null;
    };
  }, [open, conversationId, draft, topic, box]);
  useLayoutEffect(() => {
    if (caret.current) box.current?.setSelectionRange(...caret.current);
    caret.current = null;
  }, [words, box]);
  if (!open) return null;
  return (text) => {
    shared.current?.write(text);
    typing(draft);
  };
}
