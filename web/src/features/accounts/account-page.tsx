import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop, LogOut, Smartphone, SquareTerminal, Tablet, type LucideIcon } from "lucide-react";
import type { Session, SessionInfo } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { formatAgo } from "@/shared/i18n/time";
import { signOut } from "@/shared/session/sign-out";
import { Button } from "@/shared/ui/button";
import { Card, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { AccountCards } from "./by-letter/account-cards";
import { DeletionCards } from "./deletion/deletion-cards";
import { placeOf } from "./place";
import { endOtherSessions, endSessionOn, sessionsQuery } from "./queries";
import { useT } from "./text";
import { TwoFactorCard } from "./two-factor/two-factor-card";
import { LinksCard } from "./ways/links-card";
import { PasskeysCard } from "./ways/passkeys-card";

export function AccountPage({ session }: { session: Session }) {
  const { user } = session;
  const t = useT();
  const locale = useLocale();
  const leave = useMutation({ mutationFn: signOut });
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("account.title")} />
      <Card title={t("account.profile")}>
        <div className="flex flex-wrap items-center gap-4">
          <span aria-hidden="true" className="grid size-14 shrink-0 place-items-center rounded-full bg-accent-soft text-xl font-semibold text-accent-ink uppercase">{Array.from(user.displayName)[0]}</span>
          <div className="min-w-0 flex-1 basis-40">
            <p className="text-lg font-medium"><bdi>{user.displayName}</bdi></p>
            <p className="truncate text-ink-2 rtl:text-end" dir="ltr">{user.email}</p>
            <p className="text-sm text-ink-2">{t(user.role === "owner" ? "account.role.owner" : "account.role.member")} · {t("account.since")} {formatDate(user.createdAt, locale, { dateStyle: "medium" })}</p>
          </div>
          <Button className="max-sm:w-full" busy={leave.isPending} onClick={() => leave.mutate()}><LogOut className="size-4 rtl:-scale-x-100" aria-hidden="true" />{t("account.signOut")}</Button>
        </div>
      </Card>
      <PasskeysCard />
      <TwoFactorCard />
      <LinksCard />
      <AccountCards user={user} />
      <Sessions />
      <DeletionCards session={session} />
    </div>
  );
}

function Sessions() {
  const t = useT();
  const queryClient = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const renew = () => queryClient.invalidateQueries(sessionsQuery);
  const endOthers = useMutation({ mutationFn: endOtherSessions, onSettled: renew });
  const items = sessions.data?.items;
  return (
    <Card title={t("account.sessions")}>
      {items ? (
        <>
          <ul className="-my-3">{items.map((session) => <SessionRow key={session.id} session={session} onEnded={renew} />)}</ul>
          {items.some((s) => !s.current) && <Button look="danger" className="mt-6" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>{t("account.sessions.endOthers")}</Button>}
          {endOthers.error && <ErrorNote error={endOthers.error} className="mt-3" />}
        </>
      ) : sessions.error ? <ErrorNote error={sessions.error} retry={() => void sessions.refetch()} /> : <Skeleton rows={3} />}
    </Card>
  );
}

const icons: Record<string, LucideIcon> = { phone: Smartphone, tablet: Tablet, program: SquareTerminal };

function SessionRow({ session, onEnded }: { session: SessionInfo; onEnded: () => unknown }) {
  const t = useT();
  const common = useCommon();
  const end = useMutation({ mutationFn: () => endSessionOn(session.id), onSettled: onEnded });
  const locale = useLocale();
  const { kind, browser, system } = session.device;
  const name = browser && system ? t("account.device", { browser, system }) : browser ?? system ?? t(kind === "program" ? "account.device.program" : "account.device.unknown");
  const Icon = icons[kind] ?? Laptop;
  const place = placeOf(session.place, locale, t);
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Icon className="size-5 shrink-0 text-ink-3" aria-hidden="true" />
        <div className="min-w-0 flex-1">
          <p className="font-medium">{name}</p>
          <p className="text-sm text-ink-2">
            {session.current ? <span className="font-medium text-ok-ink">{t("account.sessions.this")}</span> : t("account.sessions.seen", { ago: formatAgo(session.lastSeenAt, common) })}
            {kind === "program" && (browser ?? system) && <> · {t("account.device.program")}</>}
            {place && <> · {place}</>}
            {session.address && <> · <span dir="ltr">{session.address}</span></>}
          </p>
        </div>
        {!session.current && <Button look="plain" busy={end.isPending} aria-label={t("account.sessions.end", { device: name })} onClick={() => end.mutate()}>{t("account.sessions.endShort")}</Button>}
      </div>
      {end.error && <ErrorNote error={end.error} className="mt-2" />}
    </li>
  );
}
