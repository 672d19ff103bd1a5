import { useId, useState, type PointerEvent } from "react";
import { useCommon } from "@/shared/i18n/common";
import { cx } from "./cx";
import { Disclosure } from "./disclosure";
import { barsOf, lineOf, slotAt, ticksOf } from "./scale";

export interface Series {
  id: string;
  label: string;
  tone: "jean" | "accent" | "bad";
  values: readonly number[];
}

interface ChartProps {
  title: string;
  kind: "bars" | "lines";
  series: readonly Series[];
  /** When each slot begins, written out. */
  labels: readonly string[];
  format: (value: number) => string;
  /** Counts are whole, amounts are not. */
  whole?: boolean;
}

const width = 1_000, height = 100;
const fills = { jean: "fill-jean", accent: "fill-accent", bad: "fill-bad" };
const strokes = { jean: "stroke-jean", accent: "stroke-accent", bad: "stroke-bad" };
const dots = { jean: "bg-jean", accent: "bg-accent", bad: "bg-bad" };

/** A small chart over time. Time runs with the language; whoever does not see it, or wants the numbers, opens the table. */
export function Chart({ title, kind, series, labels, format, whole = false }: ChartProps) {
  const t = useCommon();
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const sums = series.map((s) => s.values.reduce((a, b) => a + b, 0));
  const tallest = Math.max(0, ...labels.map((_, i) => (kind === "bars" ? series.reduce((sum, s) => sum + s.values[i]!, 0) : Math.max(...series.map((s) => s.values[i]!)))));
  const ticks = ticksOf(tallest, whole);
  const top = ticks.at(-1)!;
  const move = (e: PointerEvent<HTMLDivElement>): void => setAt(slotAt(e.clientX, e.currentTarget.getBoundingClientRect(), labels.length, getComputedStyle(e.currentTarget).direction === "rtl"));
  return (
    <figure aria-labelledby={id} className="min-w-0">
      <figcaption className="flex min-h-12 flex-col justify-end gap-0.5">
        <span id={id} className="font-semibold">{title}</span>
        <span className="flex flex-wrap items-center gap-x-3 text-sm text-ink-2">
          {series.map((s, i) => (
            <span key={s.id} className="inline-flex items-center gap-1.5">
              <span aria-hidden="true" className={cx("size-2 rounded-full", dots[s.tone])} />
              {s.label} <span dir="ltr" className="tabular text-ink-1">{format(at === null ? sums[i]! : s.values[at]!)}</span>
            </span>
          ))}
          {at !== null && <span className="ms-auto" aria-hidden="true">{labels[at]}</span>}
        </span>
      </figcaption>
      <div className="relative mt-3 h-32 touch-pan-y" onPointerMove={move} onPointerLeave={() => setAt(null)}>
        {ticks.map((tick) => (
          <div key={tick} aria-hidden="true" className="absolute inset-x-0 border-t border-line" style={{ insetBlockEnd: `${(tick / top) * 100}%` }}>
            {tick > 0 && tallest > 0 && <span className="tabular absolute start-0 top-0.5 text-xs leading-4 text-ink-2"><bdi>{format(tick)}</bdi></span>}
          </div>
        ))}
        <svg role="img" aria-label={t("chart.summary", { title, parts: series.map((s, i) => `${s.label} ${format(sums[i]!)}`).join(", ") })} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible rtl:-scale-x-100">
          {at !== null && <rect x={(at / labels.length) * width} width={width / labels.length} y={0} height={height} className="fill-ink-1/6" />}
          {kind === "bars"
            ? barsOf(labels.map((_, i) => series.map((s) => s.values[i]!)), top).map((bar, i) => bar.parts.map((part, n) => part.height > 0 && (
              <rect key={`${series[n]!.id} ${labels[i]}`} x={bar.x * width} width={bar.width * width} y={(1 - part.from - part.height) * height} height={part.height * height} className={fills[series[n]!.tone]} />
            )))
            : series.map((s) => <polyline key={s.id} points={lineOf(s.values, top).map((p) => `${p.x * width},${p.y * height}`).join(" ")} fill="none" strokeWidth={2} strokeLinejoin="round" vectorEffect="non-scaling-stroke" className={strokes[s.tone]} />)}
        </svg>
      </div>
      <div aria-hidden="true" className="mt-1 flex justify-between text-xs text-ink-2"><span>{labels[0]}</span><span>{labels.at(-1)}</span></div>
      <Disclosure label={t("chart.table")} className="mt-1 text-sm">
        <div className="max-h-56 overflow-y-auto" tabIndex={0} role="region" aria-label={title}>
          <table className="w-full">
            <thead><tr><th scope="col" className="py-1 text-start font-medium text-ink-2">{t("chart.from")}</th>{series.map((s) => <th key={s.id} scope="col" className="py-1 text-end font-medium text-ink-2">{s.label}</th>)}</tr></thead>
            <tbody>{labels.map((label, i) => <tr key={label} className="border-t border-line"><th scope="row" className="py-1 text-start font-normal">{label}</th>{series.map((s) => <td key={s.id} className="tabular py-1 text-end"><span dir="ltr">{format(s.values[i]!)}</span></td>)}</tr>)}</tbody>
          </table>
        </div>
      </Disclosure>
    </figure>
  );
}
