import { useQuery } from "@tanstack/react-query";
import type { Alert } from "@/shared/api/types";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Disclosure } from "@/shared/ui/disclosure";
import { Pill } from "@/shared/ui/pill";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { useT } from "../console/text";
import { alertsQuery } from "./queries";
import { useAlertWords, useMoments, type AlertWords } from "./words";

const shown = 50;

/** The newest alerts, for those who want to look back. */
export function AlertHistory() {
  const t = useT();
  return <Disclosure label={t("alerts.latest")} className="mt-3"><div className="pt-2"><Newest /></div></Disclosure>;
}

function Newest() {
  const t = useT();
  const alerts = useQuery(alertsQuery);
  const words = useAlertWords();
  const moment = useMoments();
  if (!alerts.data) return alerts.error ? <ErrorNote error={alerts.error} retry={() => void alerts.refetch()} /> : <Skeleton rows={3} />;
  if (alerts.data.length === 0) return <p className="text-ink-2">{t("alerts.none")}</p>;
  const time = (at: string, near?: string) => <time dateTime={at} className="whitespace-nowrap">{moment(at, near)}</time>;
  const columns: Column<Alert>[] = [
    { id: "what", label: t("alert.what"), lead: true, cell: (row) => <Told alert={row} words={words} /> },
    { id: "when", label: t("call.when"), cell: (row) => <>{time(row.raisedAt)}{row.endedAt !== null && row.kind !== "budget" && <> – {time(row.endedAt, row.raisedAt)}</>}</> },
    { id: "state", label: t("targets.state"), cell: (row) => <span className="flex flex-wrap gap-1.5">{states(row).map((state) => <Pill key={state} tone={state === "lasts" ? "warn" : "plain"}>{t(`alert.${state}`)}</Pill>)}</span> },
  ];
  return <DataTable label={t("alerts.latest")} columns={columns} rows={alerts.data.slice(0, shown)} keyOf={(row) => row.id} />;
}

function Told({ alert, words }: { alert: Alert; words: AlertWords }) {
  const against = words.against(alert);
  return <>{words.what(alert)}<span className="block text-sm font-normal text-ink-2"><bdi>{words.of(alert)}</bdi>{against && ` · ${against}`}</span></>;
}

/** What is over and nobody saw is only over: there is nothing left to see to. */
function states({ kind, endedAt, acknowledgedAt }: Alert): ("lasts" | "seen" | "new" | "over")[] {
  const seen = acknowledgedAt !== null;
  if (endedAt === null) return seen ? ["lasts", "seen"] : ["lasts"];
  return [seen ? "seen" : kind === "budget" ? "new" : "over"];
}
