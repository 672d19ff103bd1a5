import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bookmark, ChevronRight, Highlighter, NotebookPen } from "lucide-react";
import { useState } from "react";
import type { MarkedItem } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { Button } from "@/shared/ui/button";
import { Choice } from "@/shared/ui/field";
import { Page, PageTitle } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { plainText } from "../markdown/plain";
import { jumpTo } from "./jump";
import { marksQuery, type KeptKind } from "./queries";
import { useT } from "./text";

const icons = { bookmark: Bookmark, note: NotebookPen, highlight: Highlighter } as const;

/** Everything one wanted to find again, newest first; each leads to its message. */
export function MarksPage() {
  const t = useT();
  const [kind, setKind] = useState<KeptKind | "all">("all");
  const query = useInfiniteQuery(marksQuery(kind === "all" ? null : kind));
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <Page>
      <div className="flex flex-col gap-5">
        <PageTitle title={t("page.title")} />
        <p className="-mt-3 text-ink-2">{t("page.text")}</p>
        <Choice
          label={t("page.kind")} hideLabel value={kind} onChange={setKind}
          options={[{ value: "all", label: t("page.all") }, { value: "bookmark", label: t("page.bookmarks") }, { value: "note", label: t("page.notes") }, { value: "highlight", label: t("page.highlights") }]}
        />
        {!items ? query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={6} />
          : items.length === 0 ? <EmptyState icon={Bookmark} title={t("page.none")} text={t("page.none.text")} />
          : <ul className="overflow-hidden rounded-lg border border-line bg-surface-1">{items.map((item) => <Item key={item.mark.id} item={item} />)}</ul>}
        {query.hasNextPage && <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} className="self-center">{t("page.more")}</Button>}
      </div>
    </Page>
  );
}

function Item({ item: { mark, conversationId, title, excerpt } }: { item: MarkedItem }) {
  const t = useT();
  const common = useCommon();
  const kind = mark.kind as KeptKind;
  const Icon = icons[kind];
  return (
    <li className="border-b border-line last:border-0">
      <Link to="/chat/$conversationId" params={{ conversationId }} onClick={() => void jumpTo(conversationId, mark.messageId).catch(() => undefined)} className="flex min-h-16 items-start gap-3 px-4 py-3 hover:bg-surface-2">
        <Icon className="mt-1 size-4.5 shrink-0 text-ink-3" aria-hidden="true" />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-baseline gap-x-2 text-sm text-ink-2"><span>{t(`kind.${kind}`)}</span><bdi className="truncate font-medium">{title}</bdi><time dateTime={mark.createdAt}>{formatAgo(mark.createdAt, common)}</time></span>
          {mark.words && <span dir="auto" className="mt-1 block whitespace-pre-wrap wrap-anywhere">{mark.words}</span>}
          <span dir="auto" className="mt-1 line-clamp-2 text-ink-2 wrap-anywhere">{plainText(excerpt) || excerpt}</span>
        </span>
        <ChevronRight className="mt-1 size-4.5 shrink-0 text-ink-3 rtl:-scale-x-100" aria-hidden="true" />
      </Link>
    </li>
  );
}
