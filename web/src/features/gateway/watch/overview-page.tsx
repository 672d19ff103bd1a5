import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import type { ReactNode } from "react";
import type { Dashboard } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { buttonClass } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Choice } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { AlertCards } from "../alerts/alert-cards";
import { useAmounts } from "@/shared/i18n/amounts";
import { PageHead } from "../console/frame";
import { useT } from "../console/text";
import { Budgets } from "../limits/budgets";
import { modelsQuery } from "../queries";
import { Chart } from "@/shared/ui/chart";
import { Faults } from "./faults";
import { LatestCalls } from "./latest-calls";
import { Live } from "./live";
import { dashboardQuery, latestCallsQuery, spans, type Span } from "./queries";
import { Speeds } from "./speeds";
import { Targets } from "./targets";

const cardLink = "font-medium text-accent-ink hover:underline";

export function OverviewPage({ isOwner, span, onSpan }: { isOwner: boolean; span: Span; onSpan: (span: Span) => void }) {
  const t = useT();
  const dashboard = useQuery(dashboardQuery(span));
  const never = useQuery(latestCallsQuery).data?.length === 0;
  const report = dashboard.data;
  return (
    <>
      <PageHead title={t("tab.overview")} text={t(isOwner ? "overview.intro" : "overview.intro.own")}>
        <Choice label={t("span")} hideLabel value={span} onChange={onSpan} options={spans.map((s) => ({ value: s, label: t(`span.${s}`) }))} />
      </PageHead>
      {isOwner && <AlertCards />}
      {dashboard.error && <ErrorNote error={dashboard.error} retry={() => void dashboard.refetch()} />}
      <div className="@container"><Live /></div>
      {never ? <FirstCall isOwner={isOwner} /> : <div className="@container flex flex-col gap-5" aria-busy={dashboard.isPlaceholderData}>
        <Tiles report={report} span={span} />
        <div className="grid gap-5 @2xl:grid-cols-2 @5xl:grid-cols-3">
          {report ? <Charts report={report} span={span} /> : Array.from({ length: 3 }, (_, i) => <Card key={i} className="min-h-69"><Skeleton /></Card>)}
        </div>
        {report ? <Speeds report={report} /> : <Card><Skeleton rows={4} /></Card>}
        <div className="grid items-start gap-5 @3xl:grid-cols-2">
          <Card title={t("faults")}>{report ? <Faults faults={report.faults} calls={report.sums.calls} /> : <Skeleton />}</Card>
          {isOwner && <Card title={t("budgets")} aside={<Link to="/gateway/limits" className={cardLink}>{t("budgets.all")}</Link>}><Budgets /></Card>}
        </div>
        {isOwner && <Card title={t("targets")} text={t("targets.text")} aside={<Link to="/settings/models" className={cardLink}>{t("targets.providers")}</Link>}><Targets /></Card>}
        <Card title={t("latest")} aside={<Link to="/gateway/calls" className={cardLink}>{t("latest.all")}</Link>}><LatestCalls /></Card>
      </div>}
    </>
  );
}

/** Before there is anything to report: what makes the first call possible. */
function FirstCall({ isOwner }: { isOwner: boolean }) {
  const t = useT();
  const models = useQuery(modelsQuery);
  const connected = models.data?.some((m) => !m.builtIn) ?? true;
  return (
    <Card>
      <EmptyState icon={Activity} title={t("overview.none")} text={t("overview.none.text")}>
        {isOwner && !connected ? <Link to="/settings/models" className={buttonClass("primary")}>{t("targets.none.do")}</Link> : <Link to="/gateway/keys" className={buttonClass("primary")}>{t("overview.none.do")}</Link>}
      </EmptyState>
    </Card>
  );
}

function Tiles({ report, span }: { report: Dashboard | undefined; span: Span }) {
  const t = useT();
  const amounts = useAmounts();
  const sums = report?.sums;
  const tile = (label: string, value: ReactNode, note: ReactNode, bad = false) => (
    <div className="rounded-lg border border-line bg-surface-1 px-4 py-3">
      <dt className="text-sm text-ink-2">{label}</dt>
      <dd className="mt-0.5">
        <span dir="ltr" className={cx("tabular block min-h-9 text-2xl leading-9 font-semibold rtl:text-end", bad && "text-bad-ink")}>{sums ? value : <span className="skeleton inline-block h-6 w-16" />}</span>
        <span className="block min-h-6 text-sm text-ink-2">{sums && note}</span>
      </dd>
    </div>
  );
  const n = (value: number | undefined): string => amounts.short(value ?? 0);
  const s = sums;
  return (
    <dl className="grid grid-cols-2 gap-3 @xl:grid-cols-3 @4xl:grid-cols-5">
      {tile(t("tile.calls"), n(s?.calls), t(`tile.calls.${span}`))}
      {tile(t("tile.tokens"), n((s?.inputTokens ?? 0) + (s?.outputTokens ?? 0)), t("tile.inOut", { input: n(s?.inputTokens), output: n(s?.outputTokens) }))}
      {tile(t("tile.cost"), amounts.cost(s?.costMicros ?? 0), t("tile.cost.note"))}
      {tile(t("tile.cache"), amounts.percent(s?.cacheHits ?? 0, s?.calls ?? 0), s && s.savedMicros > 0 ? t("tile.saved", { cost: amounts.cost(s.savedMicros) }) : t("tile.prompt", { percent: amounts.percent(s?.cachedInputTokens ?? 0, s?.inputTokens ?? 0) }))}
      {tile(t("tile.failed"), n(s?.failed), t("tile.share", { percent: amounts.percent(s?.failed ?? 0, s?.calls ?? 0) }), (s?.failed ?? 0) > 0)}
    </dl>
  );
}

function Charts({ report, span }: { report: Dashboard; span: Span }) {
  const t = useT();
  const locale = useLocale();
  const amounts = useAmounts();
  const { points } = report;
  const labels = points.map((p) => formatDate(p.start, locale, span === "week" ? { weekday: "short", hour: "2-digit", minute: "2-digit" } : { hour: "2-digit", minute: "2-digit" }));
  return (
    <>
      <Card><Chart title={t("chart.calls")} kind="bars" whole labels={labels} format={amounts.short} series={[
        { id: "ok", label: t("chart.calls.ok"), tone: "jean", values: points.map((p) => p.calls - p.failed) },
        { id: "failed", label: t("chart.calls.failed"), tone: "bad", values: points.map((p) => p.failed) },
      ]} /></Card>
      <Card><Chart title={t("chart.tokens")} kind="lines" whole labels={labels} format={amounts.short} series={[
        { id: "in", label: t("chart.tokens.in"), tone: "jean", values: points.map((p) => p.inputTokens) },
        { id: "out", label: t("chart.tokens.out"), tone: "accent", values: points.map((p) => p.outputTokens) },
      ]} /></Card>
      <Card className="@2xl:max-@5xl:col-span-2"><Chart title={t("chart.cost")} kind="bars" labels={labels} format={(v) => amounts.cost(v)} series={[{ id: "cost", label: t("chart.cost.all"), tone: "accent", values: points.map((p) => p.costMicros) }]} /></Card>
    </>
  );
}
