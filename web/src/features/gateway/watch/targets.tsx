import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Server } from "lucide-react";
import type { Target } from "@/shared/api/types";
import { buttonClass } from "@/shared/ui/button";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Code, Pill, type Tone } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { faultWords } from "./outcome";
import { targetsQuery } from "./queries";

const tones: Record<Target["circuit"], Tone> = { closed: "ok", "half-open": "warn", open: "bad" };

export function Circuit({ target }: { target: Pick<Target, "restMs"> & { circuit: string } }) {
  const t = useT();
  const amounts = useAmounts();
  const circuit = target.circuit as Target["circuit"];
  return <Pill tone={tones[circuit]}>{target.restMs ? t("circuit.rests", { time: amounts.ms(target.restMs) }) : t(`circuit.${circuit}`)}</Pill>;
}

/** What this server knows of each model it may ask. */
export function Targets() {
  const t = useT();
  const amounts = useAmounts();
  const targets = useQuery(targetsQuery);
  if (!targets.data) return targets.error ? <ErrorNote error={targets.error} retry={() => void targets.refetch()} /> : <Skeleton rows={3} />;
  if (targets.data.length === 0) return <EmptyState icon={Server} title={t("targets.none")} text={t("targets.none.text")}><Link to="/settings/models" className={buttonClass("quiet")}>{t("targets.none.do")}</Link></EmptyState>;
  const columns: Column<Target>[] = [
    { id: "model", label: t("targets.model"), lead: true, cell: (row) => <Code>{row.model}</Code> },
    { id: "state", label: t("targets.state"), cell: (row) => <span className="flex flex-wrap items-center gap-x-2 gap-y-1"><Circuit target={row} />{row.lastError && <span className="text-sm text-ink-2">{faultWords(row.lastError)}</span>}</span> },
    { id: "latency", label: t("targets.latency"), number: true, cell: (row) => <span dir="ltr" className="whitespace-nowrap">{amounts.ms(row.latencyMs)}</span> },
    { id: "p95", label: "p95", number: true, cell: (row) => <span dir="ltr" className="whitespace-nowrap">{amounts.ms(row.p95Ms)}</span> },
    { id: "running", label: t("targets.running"), number: true, cell: (row) => <span dir="ltr">{amounts.short(row.running)}</span> },
  ];
  return <DataTable label={t("targets")} columns={columns} rows={targets.data} keyOf={(row) => row.model} />;
}
