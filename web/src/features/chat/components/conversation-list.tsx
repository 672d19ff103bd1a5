import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessageSquarePlus, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { buttonClass } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { byPeriod } from "../groups";
import { conversationsQuery, type ConversationView } from "../queries";
import { useT } from "../text";
import { ConversationRow } from "./conversation-row";

const views: readonly ConversationView[] = ["active", "archived", "deleted"];

/** All conversations by the time they were last used. */
export function ConversationList({ current, onPick }: { current: string | null; onPick?: () => void }) {
  const t = useT();
  const [view, setView] = useState<ConversationView>("active");
  const [words, setWords] = useState("");
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-col gap-2 p-3 pb-2">
        <Link to="/chat" {...(onPick ? { onClick: onPick } : {})} className={buttonClass("quiet", "justify-start!")}><MessageSquarePlus className="size-4.5 text-accent-ink" aria-hidden="true" />{t("list.new")}</Link>
        <label className="flex min-h-row items-center gap-2 rounded-md bg-surface-2 px-3 focus-within:outline-2 focus-within:outline-accent-ink">
          <Search className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
          <input type="search" value={words} dir={words ? "auto" : undefined} onChange={(e) => setWords(e.target.value)} aria-label={t("list.search")} placeholder={t("list.search")} className="min-w-0 flex-1 bg-transparent outline-none" />
        </label>
      </div>
      <div className="flex gap-1 px-3 pb-1 text-sm" role="group" aria-label={t("list.views")}>
        {views.map((v) => (
          <button key={v} type="button" aria-pressed={view === v} onClick={() => setView(v)} className={cx("min-h-8 rounded-sm px-2.5 font-medium pointer-coarse:min-h-11", view === v ? "bg-surface-2 text-ink-1" : "text-ink-2 hover:text-ink-1")}>{t(`list.view.${v}`)}</button>
        ))}
      </div>
      <Rows key={view} view={view} words={words.trim()} current={current} {...(onPick ? { onPick } : {})} />
    </div>
  );
}

function Rows({ view, words, current, onPick }: { view: ConversationView; words: string; current: string | null; onPick?: () => void }) {
  const t = useT();
  const query = useInfiniteQuery(conversationsQuery(view));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const end = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState(false);
  useEffect(() => {
    const element = end.current;
    if (!element) return undefined;
    const seen = new IntersectionObserver(([entry]) => setReached(entry?.isIntersecting ?? false), { rootMargin: "400px" });
    seen.observe(element);
    return () => seen.disconnect();
    // Once: when there is a list at all, there is an end to watch.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [query.data === undefined]);
  // Searching looks at all titles, so the rest is fetched page by page.
  useEffect(() => {
    if ((reached || words) && hasNextPage && !isFetchingNextPage && !query.isFetchNextPageError) void fetchNextPage();
  }, [reached, words, hasNextPage, isFetchingNextPage, fetchNextPage, query.isFetchNextPageError, query.data]);

  if (!query.data) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} className="m-3" /> : <Skeleton rows={8} className="p-4" />;
  const needle = words.toLocaleLowerCase();
  const items = query.data.pages.flatMap((page) => page.items).filter((c) => !needle || c.title.toLocaleLowerCase().includes(needle));
  return (
    <nav aria-label={t("list.label")} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4">
      {items.length === 0 && !hasNextPage && <p className="px-3 py-6 text-center text-ink-2">{words ? t("list.noneFound", { words }) : t(`list.empty.${view}`)}</p>}
      {byPeriod(items, new Date()).map(({ period, items: group }) => (
        <section key={period} aria-labelledby={`chats-${period}`}>
          <h2 id={`chats-${period}`} className="px-3 pt-4 pb-1 text-xs font-semibold text-ink-3">{t(`list.${period}`)}</h2>
          <ul>{group.map((c) => <ConversationRow key={c.id} conversation={c} current={c.id === current} view={view} {...(onPick ? { onPick } : {})} />)}</ul>
        </section>
      ))}
      {isFetchingNextPage && <Skeleton rows={3} className="p-3" />}
      <div ref={end} className="h-px" />
    </nav>
  );
}
