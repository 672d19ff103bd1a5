import { moved, standIn, type Caret } from "./presence";

/** Tells the others where the person is in a box, while they are in it; until it is called off. `caretAt` makes a caret of its offsets. */
export function watchPlace(box: HTMLTextAreaElement, draft: string, caretAt: (text: string, anchor: number, head: number) => Caret | null): () => void {
  let leave: (() => void) | null = null;
  let composing = false;
  let last: Caret | null = null;
  const caret = (): Caret | null => {
    const { value, selectionStart: from, selectionEnd: to, selectionDirection } = box;
    // Letters that are put together are not in the text yet.
    if (!composing) last = selectionDirection === "backward" ? caretAt(value, to, from) : caretAt(value, from, to);
    return last;
  };
  const events: Record<string, () => void> = {
    focus: () => { leave ??= standIn({ draft, caret }); },
    blur: () => {
      leave?.();
      leave = null;
    },
    compositionstart: () => { composing = true; },
    // After the box has told what was put together.
    compositionend: () => void setTimeout(() => {
      composing = false;
      moved();
    }),
  };
  const selected = (): void => { if (leave && !composing) moved(); };
  for (const [name, handle] of Object.entries(events)) box.addEventListener(name, handle);
  document.addEventListener("selectionchange", selected);
  if (document.activeElement === box) events["focus"]!();
  return () => {
    for (const [name, handle] of Object.entries(events)) box.removeEventListener(name, handle);
    document.removeEventListener("selectionchange", selected);
    leave?.();
  };
}
