import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { flushSync } from "react-dom";
import { again } from "@/shared/ui/lazy-part";
import { movedBy } from "./changed-span";
import { useCompany } from "./company";
import type { Carets } from "./carets";
import { watchPlace } from "./own-place";
import { moved, typing } from "./presence";
import type { SharedText } from "./shared-text";

interface SharedBox {
  box: RefObject<HTMLTextAreaElement | null>;
  /** Stands beside the box while it is shared: the carets of the others are drawn in it. */
  layer: RefObject<HTMLDivElement | null>;
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
 * around it, and the others see where it is as this one sees theirs. Returns what to call with each text the person makes of it; null where nobody else writes.
 */
export function useSharedText({ box, layer, conversationId, draft, words, setWords, onKept }: SharedBox): ((text: string) => void) | null {
  const shared = useRef<SharedText | null>(null);
  const carets = useRef<Carets | null>(null);
  const { topic, role, you, names } = useCompany();
  const latest = useRef({ words, setWords, onKept, you, names });
  useEffect(() => {
    latest.current = { words, setWords, onKept, you, names };
    // Who was let out has no caret any more.
    carets.current?.draw();
  });
  const caret = useRef<[number, number] | null>(null);
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
    const leave = element ? watchPlace(element, draft, (...place) => shared.current?.caretAt(...place) ?? null) : undefined;
    void again(() => Promise.all([import("./shared-text"), import("./carets")])).then(([{ SharedText: Shared }, { Carets: Layer }]) => {
      if (left) return;
      const text = (shared.current = new Shared({
        conversationId, draft, topic, initial: latest.current.words, typed: draft === conversationId, onKept: () => latest.current.onKept?.(),
        onText: (now, span) => {
          const field = box.current;
          if (field && document.activeElement === field) caret.current = [movedBy(field.selectionStart, span), movedBy(field.selectionEnd, span)];
          latest.current.words = now;
          // At once: the next letter is put into the text that is shown.
          flushSync(() => latest.current.setWords(now));
        },
      }));
      if (element && layer.current) {
        carets.current = new Layer({ box: element, layer: layer.current, draft, find: (other) => text.find(other), names: () => latest.current.names, you: () => latest.current.you });
      }
    });
    return () => {
      left = true;
      leave?.();
      element?.removeEventListener("compositionstart", hold);
      element?.removeEventListener("compositionend", ended);
      shared.current?.close();
      shared.current = null;
      carets.current?.dispose();
      carets.current = null;
    };
  }, [open, conversationId, draft, topic, box, layer]);
  useLayoutEffect(() => {
    if (caret.current) box.current?.setSelectionRange(...caret.current);
    caret.current = null;
    if (!carets.current) return;
    carets.current.draw();
    // What was written around it may have left the caret at another letter.
    moved();
  }, [words, box]);
  if (!open) return null;
  return (text) => {
    shared.current?.write(text);
    typing(draft);
  };
}
