import { useState } from "react";
import type { Dashboard, Speed } from "@/shared/api/types";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Choice } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { Code } from "@/shared/ui/pill";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";

/** How fast, by route or by provider: half, 95 and 99 of 100 calls were faster. */
export function Speeds({ report }: { report: Dashboard }) {
  const t = useT();
  const amounts = useAmounts();
  const [by, setBy] = useState<"routes" | "providers">("routes");
  const [until, setUntil] = useState<"first" | "end">("first");
  const rows = report[by];
  const time = (id: string, label: string, first: (row: Speed) => number | null, end: (row: Speed) => number | null): Column<Speed> => ({
    id, label, number: true, cell: (row) => <span dir="ltr" className="whitespace-nowrap">{amounts.ms(until === "first" ? first(row) : end(row))}</span>,
  });
  const columns: Column<Speed>[] = [
    { id: "name", label: t(by === "routes" ? "speeds.route" : "speeds.provider"), lead: true, cell: (row) => (by === "routes" ? <Code>{row.subject}</Code> : <bdi>{row.name ?? t("speeds.gone")}</bdi>) },
    { id: "calls", label: t("tile.calls"), number: true, cell: (row) => <span dir="ltr">{amounts.short(row.calls)}</span> },
    { id: "failed", label: t("tile.failed"), number: true, cell: (row) => <span dir="ltr" className={row.failed > 0 ? "text-bad-ink" : "text-ink-2"}>{row.failed > 0 ? `${amounts.short(row.failed)} (${amounts.percent(row.failed, row.calls)})` : amounts.short(0)}</span> },
    time("p50", "p50", (r) => r.firstP50Ms, (r) => r.p50Ms),
    time("p95", "p95", (r) => r.firstP95Ms, (r) => r.p95Ms),
    time("p99", "p99", (r) => r.firstP99Ms, (r) => r.p99Ms),
    { id: "cost", label: t("tile.cost"), number: true, cell: (row) => <span dir="ltr">{amounts.cost(row.costMicros)}</span> },
  ];
  return (
    <Card title={t("speeds")} text={t("speeds.text")}>
      <div className="mb-3 flex flex-wrap gap-2">
        <Choice label={t("speeds.by")} hideLabel value={by} onChange={setBy} options={[{ value: "routes", label: t("speeds.routes") }, { value: "providers", label: t("speeds.providers") }]} />
        <Choice label={t("speeds.until")} hideLabel value={until} onChange={setUntil} options={[{ value: "first", label: t("speeds.first") }, { value: "end", label: t("speeds.end") }]} />
      </div>
      {rows.length === 0 ? <p className="text-ink-2">{t("speeds.none")}</p> : <DataTable label={t("speeds")} columns={columns} rows={rows} keyOf={(row) => row.subject} />}
    </Card>
  );
}
