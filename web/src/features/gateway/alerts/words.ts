import { useQuery } from "@tanstack/react-query";
import type { Alert, AlertRule } from "@/shared/api/types";
import { formatDate, formatNumber } from "@/shared/i18n/format";
import { useLocale, type Locale } from "@/shared/i18n/locale";
import { amountsFor } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { useSubjectNames } from "../limits/names";
import { limitsQuery } from "../limits/queries";
import { written } from "../limits/meter";
import { providersQuery } from "../queries";

// Quantities and names keep their own direction inside a sentence of another.
const quantity = (text: string): string => `\u2066${text.replaceAll(" ", "\u00a0")}\u2069`;
const name = (text: string): string => `\u2068${text}\u2069`;

const share = (percent: number, locale: Locale): string => quantity(formatNumber(percent / 100, locale, { style: "percent", maximumFractionDigits: 1 }));

/** How full a budget was; rounded down, because a full one stops calls. A budget of nothing is always full. */
export const fullness = ({ value, threshold }: Pick<Alert, "value" | "threshold">): number => (threshold <= 0 ? 100 : Math.floor((value / threshold) * 100));

export interface AlertWords {
  of: (of: Pick<Alert, "subjectKind" | "subject">) => string;
  /** What is amiss: errors at 34 % of calls. */
  what: (alert: Alert) => string;
  /** What it is measured by: the threshold is 20 %. */
  against: (alert: Alert) => string | null;
  /** What a rule waits for: errors from 20 % of calls. */
  rule: (rule: AlertRule) => string;
}

/** Alerts and their rules in words. */
export function useAlertWords(): AlertWords {
  const t = useT();
  const locale = useLocale();
  const amounts = amountsFor(locale);
  const subjectName = useSubjectNames();
  const providers = useQuery(providersQuery).data;
  const limits = useQuery(limitsQuery).data;
  const threshold = (kind: AlertRule["kind"], value: number): string => (kind === "errors" ? share(value, locale) : quantity(amounts.ms(value)));
  return {
    of: ({ subjectKind, subject }) => (subjectKind === "provider" ? t("subject.provider.of", { name: name(providers?.find((p) => p.slug === subject)?.name ?? subject) }) : subjectName({ subjectKind, subject })),
    what: (alert) => (alert.kind === "budget" ? t("alert.budget", { percent: share(fullness(alert), locale) }) : t(`alert.${alert.kind}`, { value: threshold(alert.kind, alert.value) })),
    against: (alert) => {
      if (alert.kind !== "budget") return t("alert.threshold", { value: threshold(alert.kind, alert.threshold) });
      const limit = limits?.find((each) => each.id === alert.limitId);
      if (!limit) return null;
      const window = limit.window === "none" ? "" : ` ${t(`window.${limit.window}`)}`;
      return `${t(`meter.${limit.meter}`)}${window}: ${quantity(`${written(limit.meter, alert.value, amounts)} / ${written(limit.meter, alert.threshold, amounts)}`)}`;
    },
    rule: (rule) => t(`rule.when.${rule.kind}`, { value: threshold(rule.kind, rule.threshold) }),
  };
}

/** A time of today, or of the same day as another, as a time; any other with its day. */
export function useMoments(): (at: string, near?: string) => string {
  const locale = useLocale();
  return (at, near) => formatDate(at, locale, new Date(at).toDateString() === (near ? new Date(near) : new Date()).toDateString() ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
