import { useQuery } from "@tanstack/react-query";
import { Ban, KeyRound, Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { ApiKey, NewApiKey } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { formatAgo } from "@/shared/i18n/time";
import { Button } from "@/shared/ui/button";
import { Card, PageTitle } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { RevokeDialog, RotateDialog } from "./key-actions";
import { KeyDialog } from "./key-dialog";
import { stateOf } from "./key-form";
import { NewSecret } from "./new-secret";
import { apiKeysQuery } from "./queries";
import { scopeName } from "./scope-name";
import { useT } from "./text";

type Open = { kind: "new" } | { kind: "rotate" | "revoke"; key: ApiKey };

/** The person's own API keys. */
export function ApiKeysPage() {
  const t = useT();
  const keys = useQuery(apiKeysQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const [made, setMade] = useState<NewApiKey | null>(null);
  const [now] = useState(() => new Date());
  const living = keys.data?.keys.filter((key) => ["active", "due"].includes(stateOf(key, now))) ?? [];
  const ended = keys.data?.keys.filter((key) => !living.includes(key)) ?? [];
  const close = (): void => setOpen(null);
  const list = (items: readonly ApiKey[]) => <ul className="-my-4">{items.map((key) => <KeyRow key={key.id} item={key} now={now} onOpen={setOpen} />)}</ul>;
  const add = <Button look="primary" onClick={() => setOpen({ kind: "new" })}><Plus className="size-4" aria-hidden="true" />{t("new")}</Button>;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <PageTitle title={t("title")} />
          <p className="mt-1 max-w-prose text-ink-2">{t("intro")}</p>
        </div>
        {living.length > 0 && add}
      </div>
      {made && <NewSecret key={made.secret} made={made} onDone={() => setMade(null)} />}
      <Card>
        {!keys.data ? keys.error ? <ErrorNote error={keys.error} retry={() => void keys.refetch()} /> : <Skeleton rows={4} />
          : living.length === 0 ? <EmptyState icon={KeyRound} title={t("none")} text={t("none.text")}>{add}</EmptyState>
            : list(living)}
      </Card>
      {ended.length > 0 && (
        <details className="rounded-lg border border-line bg-surface-1 px-5">
          <summary className="min-h-row py-3 font-medium text-ink-2">{t("ended", { count: ended.length })}</summary>
          <div className="py-4">{list(ended)}</div>
        </details>
      )}
      {open?.kind === "new" && keys.data && <KeyDialog scopes={keys.data.scopes} onClose={close} onCreated={setMade} />}
      {open?.kind === "rotate" && <RotateDialog rotated={open.key} onClose={close} onRotated={setMade} />}
      {open?.kind === "revoke" && <RevokeDialog revoked={open.key} onClose={close} />}
    </div>
  );
}

function KeyRow({ item: key, now, onOpen }: { item: ApiKey; now: Date; onOpen: (open: Open) => void }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const state = stateOf(key, now);
  const date = (value: string): string => formatDate(value, locale, { dateStyle: "medium" });
  const facts = [
    key.lastUsedAt ? t("used", { ago: formatAgo(key.lastUsedAt, common) }) : t("used.never"),
    ...(key.expiresAt && state !== "revoked" ? [t(state === "expired" ? "ended.on" : "ends", { date: date(key.expiresAt) })] : []),
    ...(key.rotateEveryDays && state !== "revoked" ? [t("every", { count: key.rotateEveryDays })] : []),
  ];
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 border-b border-line py-4 last:border-0">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium break-words"><bdi>{key.name}</bdi></span>
          <Code className="text-ink-2">{key.hint}</Code>
          {key.revokedAt && <Pill tone={key.leaked ? "bad" : "plain"}>{t(key.leaked ? "leaked" : "revoked.on", { date: date(key.revokedAt) })}</Pill>}
        </div>
        <ul aria-label={t("scopes")} className="flex flex-wrap gap-1.5">{key.scopes.map((scope) => <li key={scope}><Pill>{scopeName(t, scope)}</Pill></li>)}</ul>
        <p className="text-sm text-ink-2">{facts.join(" · ")}</p>
        {state === "due" && <Note tone="warn">{t("due", { date: formatDate(key.secretUntil!, locale) })}</Note>}
        {state === "active" && key.previousUntil && new Date(key.previousUntil) > now && <p className="text-sm text-warn-ink">{t("grace", { date: formatDate(key.previousUntil, locale) })}</p>}
      </div>
      {!key.revokedAt && (
        <div className="-ms-3 flex flex-wrap gap-1 sm:-my-2 sm:-me-3">
          {state !== "expired" && <Button look="plain" aria-label={t("rotate.name", { name: key.name })} onClick={() => onOpen({ kind: "rotate", key })}><RefreshCw className="size-4" aria-hidden="true" />{t("rotate")}</Button>}
          <Button look="plain" aria-label={t("revoke.name", { name: key.name })} onClick={() => onOpen({ kind: "revoke", key })}><Ban className="size-4" aria-hidden="true" />{t("revoke")}</Button>
        </div>
      )}
    </li>
  );
}
