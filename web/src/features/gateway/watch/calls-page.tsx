import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ListFilter, List, X } from "lucide-react";
import type { Call, CallOutcome, Model, VirtualKey } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { SelectField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { nothing, useAmounts } from "@/shared/i18n/amounts";
import { PageHead } from "../console/frame";
import { useT } from "../console/text";
import { keysQuery } from "../keys/queries";
import { modelsQuery } from "../queries";
import { Answerer } from "./answerer";
import { CallLink } from "./call-link";
import { OutcomePill, faultWords, outcomes } from "./outcome";
import { callsQuery, spans, type CallFilter } from "./queries";

export function CallsPage({ filter, onFilter }: { filter: CallFilter; onFilter: (filter: CallFilter) => void }) {
  const t = useT();
  const calls = useInfiniteQuery({ ...callsQuery(filter), refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 5_000 : false) });
  const items = calls.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <PageHead title={t("tab.calls")} text={t("calls.intro")} />
      <Filters filter={filter} filtered={filtered} onFilter={onFilter} />
      {calls.error && <ErrorNote error={calls.error} retry={() => void calls.refetch()} />}
      {calls.data ? (
        <Card className={calls.isPlaceholderData ? "opacity-60 transition-opacity" : ""}>
          {items.length > 0 ? <CallTable items={items} />
            : filtered ? <EmptyState icon={ListFilter} title={t("calls.noMatch")}><Button onClick={() => onFilter({})}>{t("filter.clear")}</Button></EmptyState>
              : <EmptyState icon={List} title={t("calls.none")} text={t("calls.none.text")} />}
        </Card>
      ) : !calls.error && <Card><Skeleton rows={8} /></Card>}
      {calls.hasNextPage && <Button className="self-center" busy={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>{t("more")}</Button>}
    </>
  );
}

function Filters({ filter, filtered, onFilter }: { filter: CallFilter; filtered: boolean; onFilter: (filter: CallFilter) => void }) {
  const t = useT();
  const models: readonly Model[] = useQuery(modelsQuery).data ?? [];
  const keys: readonly VirtualKey[] = useInfiniteQuery(keysQuery).data?.pages.flatMap((page) => page.items) ?? [];
  const routes = models.filter((m) => !m.builtIn).map((m) => m.id);
  const providers = Map.groupBy(models.filter((m) => !m.route && m.id.includes("/")), (m) => m.id.slice(0, m.id.indexOf("/")));
  const answering = [...providers].flatMap(([slug, own]) => [...(own.some((m) => m.builtIn) ? [] : [`${slug}/*`]), ...own.map((m) => m.id)]);
  // What an address asks for stays a choice, though it may be gone.
  const withOwn = (values: readonly string[], own: string | undefined): readonly string[] => (own && !values.includes(own) ? [own, ...values] : values);
  const set = (name: keyof CallFilter) => (e: React.ChangeEvent<HTMLSelectElement>): void => onFilter({ ...filter, [name]: e.target.value || undefined });
  return (
    <div className="flex flex-wrap items-end gap-3" role="search" aria-label={t("filter")}>
      <div className="grid flex-1 basis-full grid-cols-2 gap-3 sm:grid-cols-3 lg:basis-0 lg:grid-cols-5">
        <SelectField label={t("call.outcome")} value={filter.outcome ?? ""} onChange={set("outcome")}>
          <option value="">{t("filter.any")}</option>
          {outcomes.map((o: CallOutcome) => <option key={o} value={o}>{t(`outcome.${o}`)}</option>)}
        </SelectField>
        <SelectField label={t("filter.since")} value={filter.since ?? ""} onChange={set("since")}>
          <option value="">{t("filter.ever")}</option>
          {spans.map((s) => <option key={s} value={s}>{t(`span.${s}`)}</option>)}
        </SelectField>
        <SelectField label={t("call.route")} value={filter.route ?? ""} onChange={set("route")}>
          <option value="">{t("filter.any")}</option>
          {withOwn(routes, filter.route).map((id) => <option key={id} value={id}>{id}</option>)}
        </SelectField>
        <SelectField label={t("call.model")} value={filter.model ?? ""} onChange={set("model")}>
          <option value="">{t("filter.any")}</option>
          {withOwn(answering, filter.model).map((id) => <option key={id} value={id}>{id.endsWith("/*") ? t("filter.provider", { name: models.find((m) => m.id.startsWith(id.slice(0, -1)))?.providerName ?? id }) : id}</option>)}
        </SelectField>
        <SelectField label={t("call.key")} value={filter.key ?? ""} onChange={set("key")}>
          <option value="">{t("filter.any")}</option>
          {keys.map((key) => <option key={key.id} value={key.id}>{key.name}</option>)}
        </SelectField>
      </div>
      {filtered && <Button look="plain" onClick={() => onFilter({})}><X className="size-4" aria-hidden="true" />{t("filter.clear")}</Button>}
    </div>
  );
}

function CallTable({ items }: { items: readonly Call[] }) {
  const t = useT();
  const locale = useLocale();
  const amounts = useAmounts();
  const keys = useInfiniteQuery(keysQuery).data?.pages.flatMap((page) => page.items) ?? [];
  const today = new Date().toDateString();
  const when = (value: string): string => formatDate(value, locale, new Date(value).toDateString() === today ? { timeStyle: "medium" } : { dateStyle: "short", timeStyle: "short" });
  const columns: Column<Call>[] = [
    {
      id: "route", label: t("call.route"), lead: true, cell: (call) => (
        <span className="block md:min-w-52">
          <CallLink id={call.id} className="-mx-1 inline-flex min-h-8 items-center rounded-sm px-1 hover:underline pointer-coarse:min-h-11"><Code>{call.route}</Code></CallLink>
          <span className="block text-sm font-normal"><Answerer call={call} /></span>
        </span>
      ),
    },
    { id: "outcome", label: t("call.outcome"), cell: (call) => <span className="flex flex-col items-start gap-1 max-md:items-end"><span className="flex flex-wrap gap-1.5"><OutcomePill outcome={call.outcome} />{call.cache && call.cache !== "miss" && <Pill tone="jean">{t("cache.hit")}</Pill>}</span>{call.errorCode && <span className="text-sm text-bad-ink">{faultWords(call.errorCode)}</span>}</span> },
    { id: "when", label: t("call.when"), cell: (call) => <time dateTime={call.startedAt} className="whitespace-nowrap text-ink-2">{when(call.startedAt)}</time> },
    { id: "key", label: t("call.key"), cell: (call) => <span className="text-ink-2">{call.keyId ? <bdi>{keys.find((k) => k.id === call.keyId)?.name ?? `…${call.keyId.slice(-6)}`}</bdi> : t("call.within")}</span> },
    { id: "tokens", label: t("tile.tokens"), number: true, cell: (call) => <span dir="ltr" className="whitespace-nowrap">{!call.inputTokens && !call.outputTokens ? nothing : `${call.estimated ? "≈ " : ""}${amounts.short(call.inputTokens ?? 0)} + ${amounts.short(call.outputTokens ?? 0)}`}</span> },
    { id: "cost", label: t("tile.cost"), number: true, cell: (call) => <span dir="ltr">{amounts.cost(call.costMicros)}</span> },
    { id: "time", label: t("call.time"), number: true, cell: (call) => <span dir="ltr" className="whitespace-nowrap">{amounts.ms(call.totalMs)}</span> },
  ];
  return <DataTable label={t("tab.calls")} columns={columns} rows={items} keyOf={(call) => call.id} />;
}
