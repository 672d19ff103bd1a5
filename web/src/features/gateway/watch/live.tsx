import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { liveQuery } from "./queries";
import { barsOf } from "@/shared/ui/scale";

const rateSeconds = 10;
const width = 600, height = 40;

/** What goes on at this moment: calls that run, calls a second, and the last minute second by second. */
export function Live() {
  const t = useT();
  const amounts = useAmounts();
  const live = useQuery(liveQuery);
  if (!live.data) return <Card>{live.error ? <ErrorNote error={live.error} retry={() => void live.refetch()} /> : <Skeleton rows={3} />}</Card>;
  const { running, started } = live.data;
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const inMinute = t("live.minute.count", { count: sum(started) });
  return (
    <section aria-label={t("live")} className="rounded-lg border border-line bg-surface-1 px-5 py-4">
      <dl className="grid grid-cols-2 items-end gap-x-6 gap-y-4 @2xl:grid-cols-[auto_auto_1fr]">
        <Figure name={<><span aria-hidden="true" className={running > 0 ? "me-2 inline-block size-2 rounded-full bg-jean" : "me-2 inline-block size-2 rounded-full bg-line-strong"} />{t("live.running")}</>} value={amounts.count(running)} />
        <Figure name={t("live.rate")} value={amounts.short(sum(started.slice(-rateSeconds)) / rateSeconds)} title={t("live.rate.note")} />
        <div className="col-span-2 min-w-0 @2xl:col-span-1">
          <dt className="flex justify-between gap-4 text-sm text-ink-2">{t("live.minute")} <span className="tabular">{inMinute}</span></dt>
          <dd>
            <svg role="img" aria-label={`${t("live.minute")}: ${inMinute}`} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="mt-1.5 h-10 w-full border-b border-line rtl:-scale-x-100">
              {barsOf(started.map((calls) => [calls]), Math.max(4, ...started)).map(({ x, width: share, parts: [part] }, second) => part && part.height > 0 && (
                <rect key={second} x={x * width} width={share * width} y={(1 - part.height) * height} height={part.height * height} className="fill-jean" />
              ))}
            </svg>
          </dd>
        </div>
      </dl>
      {live.error && <Note tone="warn" className="mt-3">{t("live.stale")}</Note>}
    </section>
  );
}

function Figure({ name, value, title }: { name: ReactNode; value: string; title?: string }) {
  return (
    <div title={title} className="@2xl:min-w-32">
      <dt className="text-sm text-ink-2">{name}</dt>
      <dd dir="ltr" className="tabular text-3xl leading-10 font-semibold rtl:text-end">{value}</dd>
    </div>
  );
}
