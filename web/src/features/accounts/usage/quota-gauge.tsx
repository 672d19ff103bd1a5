import type { Quota } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { cx } from "@/shared/ui/cx";
import { writeBytes } from "./bytes";
import { fillOf } from "./quota";
import { useT } from "./text";

const tones = { calm: "bg-jean", near: "bg-warn", full: "bg-bad" };

/** What was used of one quota, what there is, and when it begins anew. */
export function QuotaGauge({ quota }: { quota: Quota }) {
  const t = useT();
  const locale = useLocale();
  const amounts = useAmounts();
  const amount = (value: number): string => (quota.meter === "requests" ? amounts.count(value) : writeBytes(value, locale));
  const { share, fill } = fillOf(quota);
  const name = t(`meter.${quota.meter}`);
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{name}</span>
        <span className="tabular whitespace-nowrap"><bdi>{amount(quota.used)}</bdi><span className="text-ink-2"> / {quota.limit === null ? t("unlimited") : <bdi>{amount(quota.limit)}</bdi>}</span></span>
      </div>
      {quota.limit !== null && (
        <div role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={Math.max(quota.limit, 1)} aria-valuenow={Math.min(quota.used, Math.max(quota.limit, 1))} aria-valuetext={t("gauge.text", { used: amount(quota.used), limit: amount(quota.limit) })} className="mt-1.5 h-2 overflow-hidden rounded-full bg-surface-3">
          <div className={cx("h-full rounded-full", tones[fill])} style={{ inlineSize: `${share * 100}%` }} />
        </div>
      )}
      <p className={cx("mt-1 text-sm", fill === "full" ? "text-bad-ink" : "text-ink-2")}>
        {fill === "full" && `${t(quota.meter === "storage" ? "gauge.full.storage" : "gauge.full")} `}
        {quota.resetsAt ? t("gauge.resets", { time: formatDate(quota.resetsAt, locale) }) : t("gauge.kept")}
      </p>
    </div>
  );
}
