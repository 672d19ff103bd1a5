import { useQuery } from "@tanstack/react-query";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { personUsageQuery } from "./queries";
import { QuotaGauge } from "./quota-gauge";

/** What somebody used of their plan, in the dialog about them. */
export function PersonUsageGauges({ id }: { id: string }) {
  const usage = useQuery(personUsageQuery(id));
  if (!usage.data) return usage.error ? <ErrorNote error={usage.error} retry={() => void usage.refetch()} /> : <Skeleton rows={3} />;
  return <div className="flex flex-col gap-3">{usage.data.quotas.map((quota) => <QuotaGauge key={quota.meter} quota={quota} />)}</div>;
}
