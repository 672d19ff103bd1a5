import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { ScrollText, ShieldCheck, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { AuditEntry } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { Disclosure } from "@/shared/ui/disclosure";
import { SelectField, TextField } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { acts, auditQuery, verifyAudit, type Act, type AuditFilter } from "./queries";
import { useT } from "./text";

const nothing: AuditFilter = { act: "", who: "", from: "", to: "" };
/** The beginning of a day here, some days on. */
const startOf = (day: string, days = 0): string => {
  if (!day) return "";
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + days);
  return date.toISOString();
};

/** Who did what: filtered, paged, and checked on request. */
export function AuditPage() {
  const t = useT();
  const [filter, setFilter] = useState(nothing);
  const [who, setWho] = useState<{ id: string; name: string } | null>(null);
  const entries = useInfiniteQuery({ ...auditQuery({ act: filter.act, who: who?.id ?? "", from: startOf(filter.from), to: startOf(filter.to, 1) }), placeholderData: (before) => before });
  const verify = useMutation({ mutationFn: verifyAudit });
  const items = entries.data?.pages.flatMap((page) => page.items);
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("audit")} />
      <Card text={t("audit.text")}>
        <Button busy={verify.isPending} onClick={() => verify.mutate()}><ShieldCheck className="size-4" aria-hidden="true" />{t("audit.verify")}</Button>
        <div role="status" className="mt-3 empty:hidden">
          {verify.data && (verify.data.firstBroken === null
            ? <Note tone="ok" icon={ShieldCheck}>{t("audit.whole", { count: verify.data.checked })}</Note>
            : <Note tone="bad" icon={TriangleAlert}>{t("audit.broken", { position: verify.data.firstBroken })}</Note>)}
          {verify.data && (verify.data.partsAt
            ? <Note tone="bad" icon={TriangleAlert} className="mt-3">{t("audit.parted", { position: verify.data.partsAt.position, from: verify.data.agreesTo?.position ?? 0 })}</Note>
            : <p className="mt-3 text-sm text-ink-2">{verify.data.agreesTo ? t("audit.anchored", { position: verify.data.agreesTo.position }) : t("audit.unanchored")}</p>)}
        </div>
        {verify.error && <ErrorNote error={verify.error} className="mt-3" />}
      </Card>
      <Card>
        <div role="search" className="grid gap-4 sm:grid-cols-3">
          <SelectField label={t("audit.act")} value={filter.act} onChange={(e) => setFilter({ ...filter, act: e.target.value as Act | "" })}>
            <option value="">{t("audit.act.all")}</option>
            {acts.map((act) => <option key={act} value={act}>{t(`act.${act}`)}</option>)}
          </SelectField>
          <TextField label={t("audit.from")} type="date" value={filter.from} onChange={(e) => setFilter({ ...filter, from: e.target.value })} />
          <TextField label={t("audit.to")} type="date" value={filter.to} onChange={(e) => setFilter({ ...filter, to: e.target.value })} />
        </div>
        {who && <p className="mt-4 flex flex-wrap items-center gap-2"><Pill tone="jean">{t("audit.who", { name: who.name })}</Pill><Button look="plain" onClick={() => setWho(null)}>{t("audit.who.all")}</Button></p>}
      </Card>
      <Card>
        {!items ? entries.error ? <ErrorNote error={entries.error} retry={() => void entries.refetch()} /> : <Skeleton rows={5} />
          : items.length === 0 ? <EmptyState icon={ScrollText} title={t("audit.none")} />
          : <ol className="-my-3">{items.map((entry) => <Entry key={entry.id} entry={entry} onWho={setWho} />)}</ol>}
      </Card>
      {entries.hasNextPage && <Button className="self-center" busy={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>{t("more")}</Button>}
    </div>
  );
}

function Entry({ entry, onWho }: { entry: AuditEntry; onWho: (who: { id: string; name: string }) => void }) {
  const t = useT();
  const locale = useLocale();
  const nameOf = (party: { id: string; name: string | null }): string => party.name ?? party.id;
  const person = (party: { id: string; name: string | null }) => (
    <button key={party.id} type="button" onClick={() => onWho({ id: party.id, name: nameOf(party) })} className="min-h-9 rounded-sm font-medium text-accent-ink hover:underline pointer-coarse:min-h-11"><bdi className="[overflow-wrap:anywhere]">{nameOf(party)}</bdi></button>
  );
  return (
    <li className="border-b border-line py-3 last:border-0">
      <p className="font-medium">{acts.some((act) => act === entry.act) ? t(`act.${entry.act as Act}`) : <Code>{entry.act}</Code>}</p>
      <dl className="mt-1 grid grid-cols-[auto_1fr] items-baseline gap-x-4 text-sm [&_dt]:text-ink-2">
        <dt>{t("audit.actor")}</dt>
        <dd className="flex flex-wrap items-baseline gap-x-2">{entry.actor ? person(entry.actor) : t("audit.nobody")}{entry.person && <span>{t("audit.as")} {person(entry.person)}</span>}</dd>
        {entry.subjects.length > 0 && <><dt>{t("audit.subject")}</dt><dd className="flex flex-wrap gap-x-2">{entry.subjects.map(person)}</dd></>}
        <dt>{t("audit.at")}</dt><dd><time dateTime={entry.at}>{formatDate(entry.at, locale)}</time></dd>
        {entry.address && <><dt>{t("audit.address")}</dt><dd><Code>{entry.address}</Code></dd></>}
      </dl>
      <Disclosure label={t("audit.details")}>
        <dl className="grid gap-1 pt-1 text-sm [&_dt]:text-ink-2">
          {entry.before && <><dt>{t("audit.before")}</dt><dd><Code>{entry.before}</Code></dd></>}
          {entry.after && <><dt>{t("audit.after")}</dt><dd><Code>{entry.after}</Code></dd></>}
          <dt>{t("audit.hash", { position: entry.position })}</dt><dd><Code>{entry.hash}</Code></dd>
        </dl>
      </Disclosure>
    </li>
  );
}
