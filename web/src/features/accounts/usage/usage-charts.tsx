import type { PersonUsage } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Chart } from "@/shared/ui/chart";
import { Card } from "@/shared/ui/page";
import { writeBytes } from "./bytes";
import { useT } from "./text";

/** The last thirty days. Days are those of UTC, as the quotas count them. */
export function UsageCharts({ days }: { days: PersonUsage["days"] }) {
  const t = useT();
  const locale = useLocale();
  const amounts = useAmounts();
  const labels = days.map((day) => formatDate(day.start, locale, { day: "numeric", month: "short", timeZone: "UTC" }));
  return (
    <div className="@container">
      <div className="grid gap-5 @lg:grid-cols-2">
        <Card><Chart title={t("chart.requests")} kind="bars" whole labels={labels} format={amounts.short} series={[{ id: "requests", label: t("chart.requests.all"), tone: "jean", values: days.map((day) => day.requests) }]} /></Card>
        <Card><Chart title={t("chart.tokens")} kind="bars" whole labels={labels} format={amounts.short} series={[
          { id: "in", label: t("chart.tokens.in"), tone: "jean", values: days.map((day) => day.inputTokens) },
          { id: "out", label: t("chart.tokens.out"), tone: "accent", values: days.map((day) => day.outputTokens) },
        ]} /></Card>
        <Card><Chart title={t("chart.cost")} kind="bars" labels={labels} format={(value) => amounts.cost(value)} series={[{ id: "cost", label: t("chart.cost.all"), tone: "accent", values: days.map((day) => day.costMicros) }]} /></Card>
        <Card><Chart title={t("chart.bandwidth")} kind="bars" whole labels={labels} format={(value) => writeBytes(value, locale)} series={[{ id: "bytes", label: t("chart.bandwidth.all"), tone: "jean", values: days.map((day) => day.bandwidthBytes) }]} /></Card>
      </div>
    </div>
  );
}
