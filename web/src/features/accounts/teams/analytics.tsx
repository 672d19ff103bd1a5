import { useQuery } from "@tanstack/react-query";
import type { TeamAnalytics } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { analyticsQuery } from "./queries";
import { useT } from "./text";

type Row = TeamAnalytics["members"][number];

/** What each member used in thirty days; those who used most first. */
export function Analytics({ id }: { id: string }) {
  const t = useT();
  const amounts = useAmounts();
  const report = useQuery(analyticsQuery(id));
  const number = (value: string) => <span dir="ltr">{value}</span>;
  const columns: Column<Row>[] = [
    { id: "name", label: t("name"), lead: true, cell: (row) => <bdi>{row.displayName}</bdi> },
    { id: "requests", label: t("analytics.requests"), number: true, cell: (row) => number(amounts.short(row.requests)) },
    { id: "calls", label: t("analytics.calls"), number: true, cell: (row) => number(amounts.short(row.calls)) },
    { id: "tokens", label: t("analytics.tokens"), number: true, cell: (row) => number(amounts.short(row.inputTokens + row.outputTokens)) },
    { id: "cost", label: t("analytics.cost"), number: true, cell: (row) => number(amounts.cost(row.costMicros)) },
  ];
  return (
    <Card title={t("analytics")} text={t("analytics.text")}>
      {report.data ? <DataTable label={t("analytics")} columns={columns} rows={report.data.members} keyOf={(row) => row.id} />
        : report.error ? <ErrorNote error={report.error} retry={() => void report.refetch()} /> : <Skeleton rows={3} />}
    </Card>
  );
}
