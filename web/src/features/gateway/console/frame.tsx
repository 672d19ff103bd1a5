import { Link, useRouterState } from "@tanstack/react-router";
import { Activity, Coins, Gauge, KeyRound, List, Split, type LucideIcon } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { cx } from "@/shared/ui/cx";
import { PageTitle } from "@/shared/ui/page";
import { useT as usePrices } from "../prices/text";
import { useT } from "./text";

interface Tab {
  id: "overview" | "calls" | "routes" | "keys" | "limits" | "prices";
  to: "/gateway" | "/gateway/calls" | "/gateway/routes" | "/gateway/keys" | "/gateway/limits" | "/gateway/prices";
  icon: LucideIcon;
  owners?: true;
}
const tabs: readonly Tab[] = [
  { id: "overview", to: "/gateway", icon: Activity },
  { id: "calls", to: "/gateway/calls", icon: List },
  { id: "routes", to: "/gateway/routes", icon: Split, owners: true },
  { id: "keys", to: "/gateway/keys", icon: KeyRound },
  { id: "limits", to: "/gateway/limits", icon: Gauge, owners: true },
  { id: "prices", to: "/gateway/prices", icon: Coins, owners: true },
];

/** The Gateway's pages side by side; on a phone the list of them slides. */
export function GatewayFrame({ isOwner, children }: { isOwner: boolean; children: ReactNode }) {
  const t = useT();
  const prices = usePrices();
  const path = useRouterState({ select: (s) => s.location.pathname.replace(/\/$/, "") });
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "nearest" }), [path]);
  return (
    <div className="h-full overflow-y-auto overscroll-contain [scrollbar-gutter:stable]">
      <nav aria-label={t("title")} className="sticky top-0 z-20 border-b border-line bg-surface-0">
        <ul ref={list} className="mx-auto flex w-full max-w-6xl gap-1 overflow-x-auto px-2 [scrollbar-width:none] sm:px-6">
          {tabs.filter((tab) => isOwner || !tab.owners).map(({ id, to, icon: Icon }) => {
            const current = path === to;
            return (
              <li key={id} className="shrink-0">
                <Link to={to} activeOptions={{ exact: true }} aria-current={current ? "page" : undefined} className={cx("flex min-h-12 items-center gap-2 border-b-2 px-3 font-medium transition-colors focus-visible:-outline-offset-2", current ? "border-accent text-ink-1" : "border-transparent text-ink-2 hover:text-ink-1")}>
                  <Icon className="size-4.5 max-sm:hidden" aria-hidden="true" />
                  {id === "prices" ? prices("tab") : t(`tab.${id}`)}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <div className="mx-auto flex w-full max-w-6xl flex-col gap-5 px-4 py-6 sm:px-8">{children}</div>
    </div>
  );
}

/** A page's name, what it is for, and what one does on it. */
export function PageHead({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 max-w-2xl flex-1 basis-72">
        <PageTitle title={title} />
        {text && <p className="mt-1 text-ink-2">{text}</p>}
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}
