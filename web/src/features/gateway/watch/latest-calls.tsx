import { useQuery } from "@tanstack/react-query";
import { List } from "lucide-react";
import type { Call } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { Code } from "@/shared/ui/pill";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { Answerer } from "./answerer";
import { CallLink } from "./call-link";
import { OutcomePill } from "./outcome";
import { latestCallsQuery } from "./queries";

/** The newest calls, asked for every few seconds while somebody looks. */
export function LatestCalls() {
  const t = useT();
  const calls = useQuery(latestCallsQuery);
  if (!calls.data) return calls.error ? <ErrorNote error={calls.error} retry={() => void calls.refetch()} /> : <Skeleton rows={5} />;
  if (calls.data.length === 0) return <EmptyState icon={List} title={t("calls.none")} text={t("calls.none.text")} />;
  return <ul className="-my-2">{calls.data.map((call) => <Row key={call.id} call={call} />)}</ul>;
}

function Row({ call }: { call: Call }) {
  const t = useT();
  const common = useCommon();
  const amounts = useAmounts();
  const tokens = (call.inputTokens ?? 0) + (call.outputTokens ?? 0);
  return (
    <li className="border-b border-line last:border-0">
      <CallLink id={call.id} className="-mx-2 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md px-2 py-2.5 transition-colors hover:bg-surface-2">
        <span className="min-w-0 flex-1 basis-52">
          <Code>{call.route}</Code>
          <Answerer call={call} className="ms-2" />
        </span>
        <span className="text-sm whitespace-nowrap text-ink-2">{formatAgo(call.startedAt, common)}</span>
        <span dir="ltr" className="tabular w-18 text-end text-sm whitespace-nowrap text-ink-2 max-sm:w-auto">{amounts.ms(call.totalMs)}</span>
        <span className="tabular w-24 text-end text-sm whitespace-nowrap text-ink-2 max-sm:w-auto">{tokens > 0 && t("tokens.count", { count: tokens })}</span>
        <span className="flex w-28 justify-end max-sm:ms-auto max-sm:w-auto"><OutcomePill outcome={call.outcome} /></span>
      </CallLink>
    </li>
  );
}
