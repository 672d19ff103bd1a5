import { useRef, type KeyboardEvent, type RefObject } from "react";

const onTouch = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;

interface Typing {
  /** Whether letters are being put together. */
  composing: RefObject<boolean>;
  /** For the box one writes in. */
  handlers: { onCompositionStart: () => void; onCompositionEnd: () => void };
  /** Enter sends, Shift and Enter break the line; on a touch screen Enter breaks it. */
  sends: (e: KeyboardEvent) => boolean;
}

/** How keys are read where one writes to Jean. */
export function useTyping(): Typing {
  // isComposing is wrong in some browsers when Vietnamese letters are put together; the events are right.
  const composing = useRef(false);
  return {
    composing,
    handlers: { onCompositionStart: () => { composing.current = true; }, onCompositionEnd: () => { composing.current = false; } },
    sends: (e) => e.key === "Enter" && !e.shiftKey && !composing.current && !onTouch(),
  };
}
