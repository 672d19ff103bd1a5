import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { ConversationSummary } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { useT } from "../text";

interface RecentProps {
  items: readonly ConversationSummary[] | undefined;
  error: unknown;
  retry: () => void;
}

/** The last conversations along the trail, newest first. */
export function Recent({ items, error, retry }: RecentProps) {
  const t = useT();
  const common = useCommon();
  if (error && !items) return <ErrorNote error={error} retry={retry} />;
  if (!items) return <Skeleton rows={4} />;
  if (items.length === 0) return <p className="text-ink-2">{t("today.empty")}</p>;
  return (
    <>
      <ol className="relative">
        <span aria-hidden="true" className="absolute start-[0.4375rem] top-6 bottom-6 w-px bg-line-strong opacity-50" />
        {items.map((c) => (
          <li key={c.id} className="group relative">
            <span aria-hidden="true" className={`absolute start-0.75 top-1/2 size-2.5 -translate-y-1/2 rounded-full border-2 bg-surface-0 transition-colors group-hover:border-accent ${c.runningTurnId ? "border-jean" : "border-line-strong"}`} />
            <Link to="/chat/$conversationId" params={{ conversationId: c.id }} className="ms-5 flex min-h-row items-center gap-4 rounded-md px-3 py-2 hover:bg-surface-2">
              <span className="min-w-0 flex-1 truncate font-medium"><bdi>{c.title}</bdi></span>
              {c.runningTurnId ? <span className="shrink-0 text-sm text-jean-ink">{t("today.running")}</span> : <time dateTime={c.updatedAt} className="shrink-0 text-sm text-ink-3">{formatAgo(c.updatedAt, common)}</time>}
            </Link>
          </li>
        ))}
      </ol>
      <Link to="/chat" className="mt-1 ms-5 inline-flex min-h-row items-center gap-1 rounded-md px-3 font-medium text-accent-ink hover:bg-surface-2">
        {t("today.all")}
        <ChevronRight className="size-4 rtl:-scale-x-100" aria-hidden="true" />
      </Link>
    </>
  );
}
