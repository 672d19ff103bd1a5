import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDownUp, Bookmark, MessageSquarePlus, Search, SlidersHorizontal, SquareSlash } from "lucide-react";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useActions, type Action } from "@/shared/actions/actions";
import { buttonClass, IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { lazyPart } from "@/shared/ui/lazy-part";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { byPeriod } from "../groups";
import { conversationsQuery, type ConversationView } from "../queries";
import { moveByArrows } from "../search/arrow-keys";
import { noFilters, ofMessages, type Filters } from "../search/filters";
import { text, useT } from "../text";
import { ConversationRow } from "./conversation-row";

const views: readonly ConversationView[] = ["active", "shared", "archived", "deleted"];
const Found = lazyPart(() => import("../search/found"));
const PrivatePart = lazyPart(() => import("../private"));
const FilterBar = lazyPart(() => import("../search/filter-bar"));

/** All conversations by the time they were last used; when words are typed, what was said and titled so. */
export function ConversationList({ current, onPick }: { current: string | null; onPick?: () => void }) {
  const t = useT();
  const [view, setView] = useState<ConversationView>("active");
  const [words, setWords] = useState("");
  const [filters, setFilters] = useState<Filters>(noFilters);
  const [narrow, setNarrow] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const searching = words.trim() !== "" || ofMessages(filters);
  useActions(useMemo((): Action[] => [
    { id: "chat.search", title: () => text.t("list.search"), keys: "mod+shift+f", group: () => text.t("nav.chat"), whileTyping: true, when: () => (field.current?.checkVisibility() ?? false), run: () => field.current?.select() },
  ], []));
  const change = (next: Filters): void => {
    setFilters(next);
    if (next === noFilters && words === "") setNarrow(false);
  };
  return (
    <div className="flex h-full min-h-0 flex-col" onKeyDown={moveByArrows}>
      <div className="flex flex-col gap-2 p-3 pb-2">
        <div className="flex items-center gap-1">
          <Link to="/chat" search={filters.project ? { project: filters.project } : {}} {...(onPick ? { onClick: onPick } : {})} className={buttonClass("quiet", "min-w-0! flex-1 justify-start! px-3!")}><MessageSquarePlus className="size-4.5 shrink-0 text-accent-ink" aria-hidden="true" /><span className="truncate">{t("list.new")}</span></Link>
          <Suspense fallback={null}><PrivatePart place="begin" {...(onPick ? { onPick } : {})} /></Suspense>
          <PageLinks {...(onPick ? { onPick } : {})} />
        </div>
        <div className="flex items-center gap-1">
          <label className="flex min-h-row min-w-0 flex-1 items-center gap-2 rounded-md bg-surface-2 px-3 focus-within:outline-2 focus-within:outline-accent-ink">
            <Search className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
            <input
              ref={field} data-search-field type="search" value={words} dir={words ? "auto" : undefined} maxLength={200} aria-label={t("list.search")} placeholder={t("list.search")} className="min-w-0 flex-1 bg-transparent outline-none"
              onChange={(e) => setWords(e.target.value)}
              onKeyDown={(e) => { if (e.key === "Escape" && words) { e.stopPropagation(); setWords(""); } }}
            />
          </label>
          <IconButton label={t("list.narrow")} aria-expanded={narrow || searching} onClick={() => setNarrow(!narrow)}><SlidersHorizontal className="size-4.5" aria-hidden="true" /></IconButton>
        </div>
      </div>
      {(narrow || searching || filters !== noFilters) && <Suspense><FilterBar filters={filters} searching={narrow || searching} onChange={change} /></Suspense>}
      {searching
        ? <Suspense fallback={<Skeleton rows={8} className="p-4" />}><Found words={words} filters={filters} current={current} {...(onPick ? { onPick } : {})} /></Suspense>
        : (
          <>
            <div className="flex gap-1 px-3 pb-1 text-sm" role="group" aria-label={t("list.views")}>
              {views.map((v) => (
                <button key={v} type="button" aria-pressed={view === v} onClick={() => setView(v)} className={cx("min-h-8 rounded-sm px-2.5 font-medium pointer-coarse:min-h-11", view === v ? "bg-surface-2 text-ink-1" : "text-ink-2 hover:text-ink-1")}>{t(`list.view.${v}`)}</button>
              ))}
            </div>
            {view === "active" && <Suspense fallback={null}><PrivatePart place="rows" id={current} {...(onPick ? { onPick } : {})} /></Suspense>}
            <Rows key={view} view={view} filters={filters} current={current} onTag={(tag) => { setNarrow(true); setFilters({ ...filters, tag }); }} {...(onPick ? { onPick } : {})} />
          </>
        )}
    </div>
  );
}

const pages = [["/chat/prompts", "nav.prompts", SquareSlash], ["/chat/marks", "nav.marks", Bookmark], ["/chat/transfer", "nav.transfer", ArrowDownUp]] as const;

/** What belongs to all conversations. */
function PageLinks({ onPick }: { onPick?: () => void }) {
  const t = useT();
  return (
    <ul className="flex shrink-0">
      {pages.map(([to, label, Icon]) => (
        <li key={to}><Link to={to} title={t(label)} aria-label={t(label)} {...(onPick ? { onClick: onPick } : {})} className="grid size-9 min-h-row place-items-center rounded-md text-ink-2 hover:bg-surface-2 hover:text-ink-1 pointer-coarse:size-11"><Icon className="size-4.5" aria-hidden="true" /></Link></li>
      ))}
    </ul>
  );
}

function Rows({ view, filters, current, onTag, onPick }: { view: ConversationView; filters: Filters; current: string | null; onTag: (tag: string) => void; onPick?: () => void }) {
  const t = useT();
  const query = useInfiniteQuery(conversationsQuery(view, filters));
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
  useEffect(() => {
    if (reached && hasNextPage && !isFetchingNextPage && !query.isFetchNextPageError) void fetchNextPage();
  }, [reached, hasNextPage, isFetchingNextPage, fetchNextPage, query.isFetchNextPageError, query.data]);

  if (!query.data) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} className="m-3" /> : <Skeleton rows={8} className="p-4" />;
  const items = query.data.pages.flatMap((page) => page.items);
  return (
    <nav aria-label={t("list.label")} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4">
      {items.length === 0 && !hasNextPage && <p className="px-3 py-6 text-center text-ink-2">{t(filters.project || filters.tag ? "list.empty.narrowed" : `list.empty.${view}`)}</p>}
      {byPeriod(items, new Date()).map(({ period, items: group }) => (
        <section key={period} aria-labelledby={`chats-${period}`}>
          <h2 id={`chats-${period}`} className="px-3 pt-4 pb-1 text-xs font-semibold text-ink-3">{t(`list.${period}`)}</h2>
          <ul>{group.map((c) => <ConversationRow key={c.id} conversation={c} current={c.id === current} view={view} onTag={onTag} {...(onPick ? { onPick } : {})} />)}</ul>
        </section>
      ))}
      {isFetchingNextPage && <Skeleton rows={3} className="p-3" />}
      <div ref={end} className="h-px" />
    </nav>
  );
}
