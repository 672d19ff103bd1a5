import { Link, useRouterState } from "@tanstack/react-router";
import { BookHeart, ChartNoAxesColumn, ChevronLeft, ChevronRight, Contrast, DoorOpen, Gauge, HardDriveDownload, Info, KeyRound, KeySquare, Plug, ScrollText, UserRound, Users, UsersRound, Volume2, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/shared/ui/cx";
import { PageTitle } from "@/shared/ui/page";
import { useT } from "./text";

interface Section {
  id: "models" | "local" | "voice" | "appearance" | "memory" | "account" | "keys" | "usage" | "teams" | "sign-in" | "people" | "plans" | "permissions" | "audit" | "about";
  icon: LucideIcon;
  /** Shown only to who may. */
  needs?: string;
}
const sections: readonly Section[] = [
  { id: "models", icon: Plug },
  { id: "local", icon: HardDriveDownload, needs: "gateway.manage" },
  { id: "voice", icon: Volume2 },
  { id: "appearance", icon: Contrast },
  { id: "memory", icon: BookHeart },
  { id: "account", icon: UserRound },
  { id: "keys", icon: KeyRound },
  { id: "usage", icon: ChartNoAxesColumn },
  { id: "teams", icon: UsersRound },
  { id: "sign-in", icon: DoorOpen, needs: "server.manage" },
  { id: "people", icon: Users, needs: "users.manage" },
  { id: "permissions", icon: KeySquare, needs: "users.manage" },
  { id: "plans", icon: Gauge, needs: "server.manage" },
  { id: "audit", icon: ScrollText, needs: "audit.read" },
  { id: "about", icon: Info },
];
const sectionsFor = (permissions: readonly string[]): readonly Section[] => sections.filter(({ needs }) => needs === undefined || permissions.includes(needs));

/** On a wide screen the list stands beside the page; on a phone it is a page of its own, with a way back. */
export function SettingsFrame({ permissions, children }: { permissions: readonly string[]; children: ReactNode }) {
  const t = useT();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const inside = path !== "/settings" && path !== "/settings/";
  return (
    <div className="h-full overflow-y-auto overscroll-contain">
      <div className="mx-auto flex w-full max-w-4xl gap-8 px-4 py-4 sm:px-8 md:py-10">
        <nav aria-label={t("title")} className="hidden w-44 shrink-0 md:block">
          <p className="mb-3 px-3 font-semibold">{t("title")}</p>
          <ul className="sticky top-10 flex flex-col gap-0.5">
            {sectionsFor(permissions).map(({ id, icon: Icon }) => {
              const current = path.startsWith(`/settings/${id}`);
              return (
                <li key={id}>
                  <Link to={`/settings/${id}`} aria-current={current ? "page" : undefined} className={cx("flex min-h-row items-center gap-3 rounded-md px-3 transition-colors", current ? "bg-surface-3 font-medium" : "text-ink-2 hover:bg-surface-2 hover:text-ink-1")}>
                    <Icon className="size-4.5" aria-hidden="true" />
                    {t(id)}
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
        <div className="min-w-0 flex-1">
          {inside && (
            <Link to="/settings" className="-ms-2 mb-2 inline-flex min-h-11 items-center gap-1 rounded-md px-2 font-medium text-accent-ink md:hidden">
              <ChevronLeft className="size-5 rtl:-scale-x-100" aria-hidden="true" />
              {t("back")}
            </Link>
          )}
          {children}
        </div>
      </div>
    </div>
  );
}

/** The list on a phone. */
export function SettingsList({ permissions }: { permissions: readonly string[] }) {
  const t = useT();
  return (
    <>
      <PageTitle title={t("title")} className="mt-2 mb-4" />
      <ul className="overflow-hidden rounded-lg border border-line bg-surface-1">
        {sectionsFor(permissions).map(({ id, icon: Icon }) => (
          <li key={id} className="border-b border-line last:border-0">
            <Link to={`/settings/${id}`} className="flex min-h-16 items-center gap-4 px-4 py-3 hover:bg-surface-2">
              <Icon className="size-5 shrink-0 text-ink-2" aria-hidden="true" />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{t(id)}</span>
                <span className="block text-sm text-ink-2">{t(`${id}.text`)}</span>
              </span>
              <ChevronRight className="size-4.5 shrink-0 text-ink-3 rtl:-scale-x-100" aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
