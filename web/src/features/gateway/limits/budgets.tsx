import { useQuery } from "@tanstack/react-query";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { useT } from "../console/text";
import { Gauge } from "./gauge";
import { useSubjectNames } from "./names";
import { limitsQuery } from "./queries";

const shown = 6;

/** The limits that are fullest, for a glance. */
export function Budgets() {
  const t = useT();
  const limits = useQuery(limitsQuery);
  const nameOf = useSubjectNames();
  if (!limits.data) return limits.error ? <ErrorNote error={limits.error} retry={() => void limits.refetch()} /> : <Skeleton rows={3} />;
  if (limits.data.length === 0) return <p className="text-ink-2">{t("limits.none.text")}</p>;
  const full = limits.data.toSorted((a, b) => (b.spent + b.held) / Math.max(1, b.amount) - (a.spent + a.held) / Math.max(1, a.amount)).slice(0, shown);
  return <ul className="flex flex-col gap-4">{full.map((limit) => <li key={limit.id}><Gauge limit={limit} title={nameOf(limit)} /></li>)}</ul>;
}
