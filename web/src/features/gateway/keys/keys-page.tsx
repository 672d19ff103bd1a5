import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Ban, Gauge as GaugeIcon, KeyRound, Pencil, Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { NewKey, VirtualKey } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { formatAgo } from "@/shared/i18n/time";
import { Button, IconButton } from "@/shared/ui/button";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Card } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { PageHead } from "../console/frame";
import { useT } from "../console/text";
import { Gauge } from "../limits/gauge";
import { LimitDialog } from "../limits/limit-dialog";
import { limitsQuery } from "../limits/queries";
import { RevokeDialog, RotateDialog } from "./key-actions";
import { KeyDialog } from "./key-dialog";
import { stateOf, surfaces, type Surface } from "./key-form";
import { NewSecret } from "./new-secret";
import { keysQuery } from "./queries";

type Open = { kind: "new" } | { kind: "edit" | "limit" | "rotate" | "revoke"; key: VirtualKey };

export function KeysPage({ userId, isOwner }: { userId: string; isOwner: boolean }) {
  const t = useT();
  const keys = useInfiniteQuery(keysQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const [made, setMade] = useState<NewKey | null>(null);
  const [now] = useState(() => new Date());
  const all = keys.data?.pages.flatMap((page) => page.items) ?? [];
  const active = all.filter((key) => stateOf(key, now) === "active");
  const ended = all.filter((key) => stateOf(key, now) !== "active");
  const close = (): void => setOpen(null);
  const table = (items: readonly VirtualKey[], label: string) => <KeyTable items={items} label={label} userId={userId} isOwner={isOwner} now={now} onOpen={setOpen} />;
  return (
    <>
      <PageHead title={t("tab.keys")} text={t("keys.intro")}>
        <Button look="primary" onClick={() => setOpen({ kind: "new" })}><Plus className="size-4" aria-hidden="true" />{t("key.new")}</Button>
      </PageHead>
      {made && <NewSecret key={made.secret} made={made} onDone={() => setMade(null)} />}
      {!keys.data ? (
        <Card>{keys.error ? <ErrorNote error={keys.error} retry={() => void keys.refetch()} /> : <Skeleton rows={4} />}</Card>
      ) : active.length === 0 ? (
        <Card><EmptyState icon={KeyRound} title={t("keys.none")} text={t("keys.none.text")}><Button look="primary" onClick={() => setOpen({ kind: "new" })}>{t("key.new")}</Button></EmptyState></Card>
      ) : (
        <Card>{table(active, t("tab.keys"))}</Card>
      )}
      {ended.length > 0 && (
        <details className="rounded-lg border border-line bg-surface-1 px-5">
          <summary className="min-h-row py-3 font-medium text-ink-2">{t("keys.ended", { count: ended.length })}</summary>
          <div className="pb-4">{table(ended, t("keys.ended", { count: ended.length }))}</div>
        </details>
      )}
      {keys.hasNextPage && <Button className="self-center" busy={keys.isFetchingNextPage} onClick={() => void keys.fetchNextPage()}>{t("more")}</Button>}
      {(open?.kind === "new" || open?.kind === "edit") && <KeyDialog edited={open.kind === "edit" ? open.key : null} onClose={close} onCreated={setMade} />}
      {open?.kind === "limit" && <LimitDialog edited={null} subject={{ kind: "key", subject: open.key.id }} userId={userId} onClose={close} />}
      {open?.kind === "rotate" && <RotateDialog rotated={open.key} onClose={close} onRotated={setMade} />}
      {open?.kind === "revoke" && <RevokeDialog revoked={open.key} onClose={close} />}
    </>
  );
}

function KeyTable({ items, label, userId, isOwner, now, onOpen }: { items: readonly VirtualKey[]; label: string; userId: string; isOwner: boolean; now: Date; onOpen: (open: Open) => void }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const limits = useQuery({ ...limitsQuery, enabled: isOwner }).data?.filter((limit) => limit.subjectKind === "key") ?? [];
  const date = (value: string): string => formatDate(value, locale, { dateStyle: "medium" });
  const surfaceName = (name: string): string => (surfaces.includes(name as Surface) ? t(`surface.${name as Surface}`) : name);
  const columns: Column<VirtualKey>[] = [
    {
      id: "name", label: t("key.name"), lead: true, cell: (key) => (
        <>
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <bdi>{key.name}</bdi>
            <Code className="font-normal text-ink-2">{key.hint}</Code>
            {key.userId !== userId && <Pill>{t("key.other")}</Pill>}
          </span>
          <span className="block text-sm font-normal text-ink-2">
            {key.models.includes("*") ? t("key.models.all") : key.models.map((m, i) => <span key={m}>{i > 0 && t("list.separator")}<Code>{m}</Code></span>)}
            {" · "}
            {key.surfaces.includes("*") ? t("key.surfaces.all") : key.surfaces.map(surfaceName).join(t("list.separator"))}
          </span>
          {key.rotateEveryDays && !key.revokedAt && <span className="block text-sm font-normal text-ink-2">{t("key.every", { count: key.rotateEveryDays })}</span>}
          {key.secretUntil && !key.revokedAt && <span className="block text-sm font-normal text-warn-ink">{t("key.due", { date: formatDate(key.secretUntil, locale) })}</span>}
          {key.previousUntil && new Date(key.previousUntil) > now && !key.revokedAt && <span className="block text-sm font-normal text-warn-ink">{t("key.grace", { date: formatDate(key.previousUntil, locale) })}</span>}
        </>
      ),
    },
    ...(isOwner ? [{
      id: "limits", label: t("key.limits"), cell: (key: VirtualKey) => {
        const own = limits.filter((limit) => limit.subject === key.id);
        return own.length === 0 ? <span className="text-ink-2">{t("key.limits.none")}</span> : <span className="flex min-w-44 flex-col gap-2">{own.map((limit) => <Gauge key={limit.id} limit={limit} />)}</span>;
      },
    }] : []),
    { id: "used", label: t("key.used"), cell: (key) => <span className="whitespace-nowrap text-ink-2">{key.lastUsedAt ? formatAgo(key.lastUsedAt, common) : t("key.used.never")}</span> },
    {
      id: "ends", label: t("key.ends"), cell: (key) => {
        const state = stateOf(key, now);
        return state === "active" ? <span className="whitespace-nowrap text-ink-2">{key.expiresAt ? date(key.expiresAt) : t("key.expires.never")}</span> : <Pill tone={key.leaked ? "bad" : "plain"}>{t(key.leaked ? "key.leaked" : `key.${state}`, { date: date((state === "revoked" ? key.revokedAt : key.expiresAt)!) })}</Pill>;
      },
    },
    {
      id: "do", label: t("actions"), bare: true, cell: (key) => stateOf(key, now) !== "revoked" && (
        <span className="-my-1.5 -me-3 flex justify-end">
          <IconButton label={t("key.edit", { name: key.name })} onClick={() => onOpen({ kind: "edit", key })}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
          {isOwner && stateOf(key, now) === "active" && <IconButton label={t("key.limit", { name: key.name })} onClick={() => onOpen({ kind: "limit", key })}><GaugeIcon className="size-4.5" aria-hidden="true" /></IconButton>}
          {key.userId === userId && <IconButton label={t("rotate.title", { name: key.name })} onClick={() => onOpen({ kind: "rotate", key })}><RefreshCw className="size-4.5" aria-hidden="true" /></IconButton>}
          <IconButton label={t("revoke.name", { name: key.name })} onClick={() => onOpen({ kind: "revoke", key })}><Ban className="size-4.5" aria-hidden="true" /></IconButton>
        </span>
      ),
    },
  ];
  return <DataTable label={label} columns={columns} rows={items} keyOf={(key) => key.id} />;
}
