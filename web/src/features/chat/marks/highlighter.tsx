import { useEffect, useRef, type ReactNode } from "react";
import type { Message } from "@/shared/api/types";

/** The words of a message, with what was marked in them; the bar for new marks finds the message by it. */
export function Highlighter({ message: { id, text, marks }, className, children, dir }: { message: Message; className?: string; children: ReactNode; dir?: "auto" }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ranged = marks.filter((m) => m.start !== null && m.end !== null);
    if (ranged.length === 0) return undefined;
    let stop: (() => void) | null = null;
    let here = true;
    import("./highlights").then(({ showHighlights }) => { if (here && host.current) stop = showHighlights(host.current, text, ranged); }, () => undefined);
    return () => {
      here = false;
      stop?.();
    };
  }, [text, marks]);
  return <div ref={host} data-words-of={id} className={className} dir={dir}>{children}</div>;
}
