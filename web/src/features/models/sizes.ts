import { formatNumber } from "@/shared/i18n/format";
import { useLocale, type Locale } from "@/shared/i18n/locale";

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** 639446688 is 639 MB: as files and disks are sold, in powers of a thousand. */
export function sizeFor(bytes: number, locale: Locale): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${formatNumber(value, locale, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** A size stands in one left-to-right run in every language. */
export function useSize(): (bytes: number) => string {
  const locale = useLocale();
  return (bytes) => `\u2066${sizeFor(bytes, locale)}\u2069`;
}
