import type { LucideIcon } from "lucide-react";
import { RotateCcw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, describeError } from "@/shared/api/error";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "./button";
import { cx } from "./cx";

/** Nothing here yet, and what to do about it. */
export function EmptyState({ icon: Icon, title, text, children }: { icon?: LucideIcon; title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-3 px-6 py-12 text-center">
      {Icon && <span className="grid size-12 place-items-center rounded-full bg-surface-2 text-ink-2"><Icon className="size-5.5" aria-hidden="true" /></span>}
      <p className="text-lg font-semibold">{title}</p>
      {text && <p className="text-ink-2">{text}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

/** What went wrong, where it went wrong. */
export function ErrorNote({ error, retry, className }: { error: unknown; retry?: () => void; className?: string }) {
  const t = useCommon();
  const reference = error instanceof ApiError && error.status >= 500 ? error.problem.traceId : undefined;
  return (
    <div role="alert" className={cx("flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-bad-soft px-4 py-3 text-bad-ink", className)}>
      <TriangleAlert className="size-5 shrink-0" aria-hidden="true" />
      <span className="min-w-48 flex-1">
        {describeError(error)}
        {reference && <span className="block text-sm opacity-80" dir="auto">{t("error.reference", { id: reference })}</span>}
      </span>
      {retry && <Button look="plain" className="text-bad-ink" onClick={retry}><RotateCcw className="size-4" aria-hidden="true" />{t("action.retry")}</Button>}
    </div>
  );
}

/** A short message inside a page: good news, a warning, a hint. */
export function Note({ tone, icon: Icon, children, className }: { tone: "ok" | "warn" | "bad" | "jean" | "plain"; icon?: LucideIcon; children: ReactNode; className?: string }) {
  const tones = { ok: "bg-ok-soft text-ok-ink", warn: "bg-warn-soft text-warn-ink", bad: "bg-bad-soft text-bad-ink", jean: "bg-jean-soft text-jean-ink", plain: "bg-surface-2 text-ink-2" };
  return (
    <div className={cx("flex gap-2.5 rounded-md px-4 py-3", tones[tone], className)}>
      {Icon && <Icon className="mt-0.5 size-4.5 shrink-0" aria-hidden="true" />}
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** Grey lines in the shape of what is loading; they wait 150 ms before they show. */
export function Skeleton({ rows = 3, className }: { rows?: number; className?: string }) {
  const t = useCommon();
  return (
    <div className={cx("flex flex-col gap-3", className)} role="status" aria-label={t("state.loading")}>
      {Array.from({ length: rows }, (_, i) => <div key={i} className="skeleton h-5" style={{ inlineSize: `${92 - ((i * 23) % 40)}%` }} />)}
    </div>
  );
}
