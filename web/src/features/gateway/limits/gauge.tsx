import type { Limit } from "@/shared/api/types";
import { cx } from "@/shared/ui/cx";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { fillOf, written } from "./meter";

const tones = { calm: "bg-jean", near: "bg-warn", full: "bg-bad" };

/** What is spent, what is set aside for calls under way, and what there is. */
export function Gauge({ limit, title }: { limit: Limit; title?: string }) {
  const t = useT();
  const amounts = useAmounts();
  const { spent, held, fill } = fillOf(limit);
  const amount = (value: number): string => written(limit.meter, value, amounts);
  const used = limit.meter === "streams" ? limit.held : limit.spent;
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="min-w-0">{title && <><bdi className="font-medium">{title}</bdi> · </>}<span className="text-ink-2">{t(`meter.${limit.meter}`)}{limit.window !== "none" && ` · ${t(`window.${limit.window}`)}`}{limit.action === "warn" && ` · ${t("gauge.warns")}`}</span></span>
        <span dir="ltr" className="tabular whitespace-nowrap">{amount(used)}<span className="text-ink-2"> / {amount(limit.amount)}</span></span>
      </div>
      <div role="meter" aria-label={`${title ?? ""} ${t(`meter.${limit.meter}`)}`.trim()} aria-valuemin={0} aria-valuemax={Math.max(limit.amount, 1)} aria-valuenow={Math.min(used, Math.max(limit.amount, 1))} aria-valuetext={t("gauge.text", { used: amount(used), held: amount(limit.held), amount: amount(limit.amount) })} className="mt-1.5 flex h-2 overflow-hidden rounded-full bg-surface-3">
        <div className={cx("h-full", tones[fill])} style={{ inlineSize: `${spent * 100}%` }} />
        <div className={cx("h-full opacity-45", tones[fill])} style={{ inlineSize: `${held * 100}%` }} />
      </div>
      {(fill !== "calm" || (limit.held > 0 && limit.meter !== "streams")) && (
        <p className={cx("mt-1 text-sm", fill === "full" ? "text-bad-ink" : fill === "near" ? "text-warn-ink" : "text-ink-2")}>
          {fill === "full" ? t("gauge.full") : fill === "near" ? t(limit.action === "warn" && limit.spent >= limit.amount ? "gauge.over" : "gauge.near") : t("gauge.held", { amount: amount(limit.held) })}
        </p>
      )}
    </div>
  );
}
