import { Link, useRouterState } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { keyCaps } from "@/shared/actions/keys";
import type { Part } from "@/shared/parts/part";
import { cx } from "@/shared/ui/cx";
import { openPalette } from "./layout-store";
import { Mark } from "./mark";
import { useT } from "./text";

export function useIsCurrent(): (part: Part) => boolean {
  const path = useRouterState({ select: (s) => s.location.pathname });
  return (part) => (part.to === "/" ? path === "/" : path === part.to || path.startsWith(`${part.to}/`));
}

/** The parts of the house at the start side; words stay under the icons. */
export function Rail({ parts }: { parts: readonly Part[] }) {
  const t = useT();
  const isCurrent = useIsCurrent();
  const item = (part: Part) => {
    const current = isCurrent(part);
    return (
      <li key={part.id}>
        <Link
          to={part.to} aria-current={current ? "page" : undefined}
          className={cx("group flex w-16 flex-col items-center gap-1 rounded-md py-2 text-[0.6875rem] leading-4 font-medium transition-colors", current ? "text-ink-1" : "text-ink-2 hover:text-ink-1")}
        >
          <span className={cx("grid h-8 w-12 place-items-center rounded-full transition-colors", current ? "bg-accent-soft text-accent-ink" : "group-hover:bg-surface-3")}>
            <part.icon className="size-5" aria-hidden="true" strokeWidth={current ? 2.25 : 1.9} />
          </span>
          {part.label()}
        </Link>
      </li>
    );
  };
  return (
    <nav data-region aria-label={t("nav.main")} className="hidden w-20 shrink-0 flex-col items-center border-e border-line bg-surface-0 py-3 md:flex">
      <Link to="/" aria-label={t("nav.today")} tabIndex={-1} className="mb-4 grid size-11 place-items-center rounded-md"><Mark className="size-8" /></Link>
      <ul className="flex flex-col gap-1.5">{parts.filter((p) => !p.end).map(item)}</ul>
      <ul className="mt-auto flex flex-col items-center gap-1.5">
        <li>
          <button type="button" onClick={openPalette} aria-label={t("nav.search")} title={t("nav.search")} className="group flex w-16 flex-col items-center gap-1 rounded-md py-2 text-ink-2 hover:text-ink-1">
            <span className="grid h-8 w-12 place-items-center rounded-full group-hover:bg-surface-3"><Search className="size-5" aria-hidden="true" strokeWidth={1.9} /></span>
            <span dir="ltr" aria-hidden="true" className="text-[0.6875rem] leading-4 font-medium">{keyCaps("mod+k").flat().join(" ")}</span>
          </button>
        </li>
        {parts.filter((p) => p.end).map(item)}
      </ul>
    </nav>
  );
}
