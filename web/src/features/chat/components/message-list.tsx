import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { useJumped } from "../search/jump";
import { useScrolling, useSwitched } from "../store";
import { useT } from "../text";
import { keyOf } from "../turns";
import type { Entry } from "../branch";
import { MessageView } from "./message-view";

interface MessageListProps {
  entries: readonly Entry[];
  conversationId: string | null;
  hasOlder: boolean;
  loadOlder: () => void;
}

/** Close enough to the end to count as reading along. */
const followPx = 24;
const preloadRows = 6;
const markedMs = 2_600;

/** Ten thousand messages with a few dozen in the page. The newest is at the bottom and stays there while the reader is there too. */
export function MessageList({ entries, conversationId, hasOlder, loadOlder }: MessageListProps) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  // The compiler-unsafe handle stays inside this component, as the library asks.
  // eslint-disable-next-line react-hooks/incompatible-library
  const list = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => 72 + Math.min(2_000, Math.ceil(entries[i]!.message.text.length / 75) * 26),
    getItemKey: (i) => keyOf(entries[i]!.message),
    overscan: 4,
    gap: 12,
    paddingStart: 24,
    paddingEnd: 24,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: followPx,
    // Where it stands when it opens: at the newest.
    initialOffset: () => Number.MAX_SAFE_INTEGER,
  });
  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  useEffect(() => {
    if (hasOlder && entries.length > 0 && first < preloadRows) loadOlder();
  }, [first, hasOlder, loadOlder, entries.length]);

  const { isScrolling } = list;
  useEffect(() => {
    useScrolling.setState({ moving: isScrolling });
    return () => useScrolling.setState({ moving: false });
  }, [isScrolling]);

  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || entries.length === 0) return;
    opened.current = true;
    list.scrollToEnd();
  }, [list, entries.length]);

  // What one has just said is always in sight.
  const last = entries.at(-1);
  const own = last?.pending?.clientId ?? (last?.live?.phase === "sending" ? last.message.id : null);
  useEffect(() => {
    if (own) list.scrollToEnd();
  }, [own, list]);

  // A version that was switched to stays where the eye is, however much hangs below it.
  const switched = useSwitched((s) => s.id);
  const switchedAt = switched ? entries.findIndex((e) => e.message.id === switched) : -1;
  useEffect(() => {
    if (switchedAt >= 0) list.scrollToIndex(switchedAt, { align: "center" });
  }, [switchedAt, list]);

  // What a search led to comes into sight, and is marked for a moment.
  const jumped = useJumped((s) => s.id);
  const jumpedAt = jumped ? entries.findIndex((e) => e.message.id === jumped) : -1;
  useEffect(() => {
    if (jumpedAt < 0) return undefined;
    list.scrollToIndex(jumpedAt, { align: "center" });
    const over = setTimeout(() => useJumped.setState({ id: null }), markedMs);
    return () => clearTimeout(over);
  }, [jumpedAt, list]);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller} tabIndex={0} role="region" aria-label={t("messages.label")} data-messages={entries.length}
        onScroll={(e) => {
          const { scrollHeight, scrollTop, clientHeight } = e.currentTarget;
          setAtEnd(scrollHeight - scrollTop - clientHeight <= followPx * 4);
        }}
        className="h-full overflow-y-auto overscroll-contain outline-offset-[-2px] [overflow-anchor:none]"
      >
        <ol className="relative mx-auto w-full max-w-3xl" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const entry = entries[item.index]!;
            return (
              <li key={item.key} ref={list.measureElement} data-index={item.index} className={cx("absolute inset-x-0 top-0 px-4 sm:px-6", item.index === jumpedAt && "jumped")} style={{ transform: `translateY(${item.start}px)` }}>
                <MessageView entry={entry} conversationId={conversationId} last={item.index === entries.length - 1} />
              </li>
            );
          })}
        </ol>
      </div>
      {!atEnd && (
        <Button look="quiet" onClick={() => list.scrollToEnd({ behavior: "smooth" })} className="frosted absolute inset-x-0 bottom-3 mx-auto w-fit rounded-full!">
          <ArrowDown className="size-4" aria-hidden="true" />{t("messages.latest")}
        </Button>
      )}
    </div>
  );
}
