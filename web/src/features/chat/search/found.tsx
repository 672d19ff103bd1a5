import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import type { SearchHit } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { ofMessages, type Filters } from "./filters";
import { jumpTo } from "./jump";
import { searchQuery, titlesQuery } from "./queries";
import { Snippet } from "./snippet";
import { useSearchT } from "./text";

const pauseMs = 160;
const hitClass = "flex min-h-11 flex-col gap-0.5 rounded-md px-3 py-2 text-start hover:bg-surface-2 focus-visible:bg-surface-2";

/** What was said and what was titled so, as one types. */
export default function Found({ words, filters, current, onPick }: { words: string; filters: Filters; current: string | null; onPick?: () => void }) {
  const t = useSearchT();
  const settled = useSettled(words);
  const shown = useDeferredValue(settled);
  const messages = useInfiniteQuery(searchQuery(shown, filters));
  const titles = useQuery({ ...titlesQuery(shown, filters), enabled: shown.trim() !== "" && !ofMessages(filters) });
  const hits = messages.data?.pages.flatMap((page) => page.items) ?? [];
  const first = messages.data?.pages[0];
  const titled = shown.trim() !== "" && !ofMessages(filters) ? titles.data?.items ?? [] : [];
  const waiting = settled !== words || messages.isFetching;
  const last = messages.data?.pages.at(-1);
  // A search that ran out of time found nothing yet: it goes on by itself, the person need not ask twice.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = messages;
  useEffect(() => {
    if (hits.length === 0 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hits.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (messages.error && !messages.data) return <ErrorNote error={messages.error} retry={() => void messages.refetch()} className="m-3" />;
  if (!messages.data || !first) return <Skeleton rows={8} className="p-4" />;
  const none = hits.length === 0 && titled.length === 0 && !hasNextPage;
  return (
    <div className={cx("min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4 transition-opacity", waiting && "opacity-70")} aria-busy={waiting}>
      <p role="status" className="px-3 pt-2 text-xs text-ink-3">
        {none ? t("none") : t(first.foundAll ? "count" : "count.atLeast", { count: first.foundAll ? first.found : Math.max(first.found, hits.length) })}
      </p>
      {titled.length > 0 && (
        <section aria-label={t("titles")}>
          <h2 className="px-3 pt-3 pb-1 text-xs font-semibold text-ink-3">{t("titles")}</h2>
          <ul>
            {titled.map((c) => (
              <li key={c.id}>
                <Link data-search-hit to="/chat/$conversationId" params={{ conversationId: c.id }} {...(onPick ? { onClick: onPick } : {})} aria-current={c.id === current ? "page" : undefined} className={cx(hitClass, "flex-row! items-center gap-2")}>
                  <MessagesSquare className="size-4 shrink-0 text-ink-3" aria-hidden="true" /><bdi className="truncate">{c.title}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {hits.length > 0 && (
        <section aria-label={t("messages")}>
          <h2 className="px-3 pt-3 pb-1 text-xs font-semibold text-ink-3">{t("messages")}</h2>
          <ul>{hits.map((hit) => <li key={hit.messageId}><Hit hit={hit} {...(onPick ? { onPick } : {})} /></li>)}</ul>
        </section>
      )}
      {none && <p className="px-3 py-4 text-center text-sm text-ink-2">{t("none.hint")}</p>}
      {hits.length > 0 && hasNextPage && (
        <div className="px-3 pt-3">
          <Button data-search-hit className="w-full" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t(last?.items.length === 0 ? "further" : "more")}</Button>
        </div>
      )}
      {messages.isFetchNextPageError && <ErrorNote error={messages.error} retry={() => void fetchNextPage()} className="mt-3" />}
    </div>
  );
}

function Hit({ hit, onPick }: { hit: SearchHit; onPick?: () => void }) {
  const t = useSearchT();
  const common = useCommon();
  return (
    <Link
      data-search-hit to="/chat/$conversationId" params={{ conversationId: hit.conversationId }} className={hitClass}
      onClick={(e) => {
        // A new window finds its own way.
        if (e.metaKey || e.ctrlKey || e.shiftKey) return;
        void jumpTo(hit.conversationId, hit.messageId);
        onPick?.();
      }}
    >
      <span className="flex min-w-0 items-baseline gap-2 text-xs text-ink-3">
        <span className="shrink-0 font-medium">{t(hit.role === "user" ? "by.you" : "by.jean")}</span>
        <bdi className="min-w-0 flex-1 truncate">{hit.conversationTitle}</bdi>
        <time dateTime={hit.createdAt} className="shrink-0 tabular-nums">{formatAgo(hit.createdAt, common)}</time>
      </span>
      <Snippet hit={hit} />
      {(hit.by === "meaning" || hit.by === "letters") && <span className="text-xs text-ink-3">{t(hit.by === "meaning" ? "why.meaning" : "why.letters")}</span>}
    </Link>
  );
}

/** The words once the hands rest. */
function useSettled(words: string): string {
  const [settled, setSettled] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words), pauseMs);
    return () => clearTimeout(timer);
  }, [words]);
  return settled;
}
