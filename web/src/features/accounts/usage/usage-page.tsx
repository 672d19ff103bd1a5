import { useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import type { PersonUsage } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { Card, PageTitle } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { usageQuery } from "./queries";
import { QuotaGauge } from "./quota-gauge";
import { useT } from "./text";
import { UsageCharts } from "./usage-charts";

/** What one's plan holds, what one used of it, and when there is more. */
export function UsagePage() {
  const t = useT();
  const usage = useQuery(usageQuery);
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("usage")} />
      {usage.data ? <Report usage={usage.data} /> : <Card>{usage.error ? <ErrorNote error={usage.error} retry={() => void usage.refetch()} /> : <Skeleton rows={6} />}</Card>}
    </div>
  );
}

function Report({ usage }: { usage: PersonUsage }) {
  const t = useT();
  return (
    <>
      <Card title={t("plan")} aside={<Pill tone="jean">{t(`plan.${usage.plan}`)}</Pill>}>
        <div className="flex flex-col gap-5">
          {usage.quotas.map((quota) => <QuotaGauge key={quota.meter} quota={quota} />)}
          <Features features={usage.features} />
        </div>
      </Card>
      <Card title={t("sums")}><Sums usage={usage} /></Card>
      <UsageCharts days={usage.days} />
      <p className="text-sm text-ink-2">{t("utc")}</p>
    </>
  );
}

/** What a plan opens. Names that this client does not know yet are shown as they are. */
export function Features({ features }: { features: PersonUsage["features"] }) {
  const t = useT();
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1.5">
      {features.map(({ name, included }) => (
        <li key={name} className={included ? "inline-flex items-center gap-1.5" : "inline-flex items-center gap-1.5 text-ink-2"}>
          {included ? <Check className="size-4 text-ok-ink" aria-hidden="true" /> : <Minus className="size-4" aria-hidden="true" />}
          {name === "models.local" || name === "images.generate" || name === "tools.run" ? t(`feature.${name}`) : name}
          <span className="sr-only">{t(included ? "feature.yes" : "feature.no")}</span>
        </li>
      ))}
    </ul>
  );
}

function Sums({ usage: { today, thisMonth } }: { usage: PersonUsage }) {
  const t = useT();
  const amounts = useAmounts();
  const rows = [
    { id: "requests", label: t("meter.requests"), of: (sum: PersonUsage["today"]) => amounts.short(sum.requests) },
    { id: "calls", label: t("sums.calls"), of: (sum: PersonUsage["today"]) => amounts.short(sum.calls) },
    { id: "tokens", label: t("sums.tokens"), of: (sum: PersonUsage["today"]) => amounts.short(sum.inputTokens + sum.outputTokens) },
    { id: "cost", label: t("sums.cost"), of: (sum: PersonUsage["today"]) => amounts.cost(sum.costMicros) },
  ];
  return (
    <table className="w-full">
      <thead>
        <tr className="text-sm text-ink-2"><td /><th scope="col" className="py-1 text-end font-medium">{t("sums.today")}</th><th scope="col" className="py-1 text-end font-medium">{t("sums.month")}</th></tr>
      </thead>
      <tbody>
        {rows.map(({ id, label, of }) => (
          <tr key={id} className="border-t border-line">
            <th scope="row" className="py-2 text-start font-normal">{label}</th>
            <td className="tabular py-2 text-end"><bdi>{of(today)}</bdi></td>
            <td className="tabular py-2 text-end"><bdi>{of(thisMonth)}</bdi></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
