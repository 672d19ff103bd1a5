import { formatNumber } from "@/shared/i18n/format";
import { useLocale, type Locale } from "@/shared/i18n/locale";

const units = ["kB", "MB", "GB"] as const;

/** 812 B, 14 kB, 2.4 MB: digits and unit in one left-to-right run. */
export function byteSize(bytes: number, locale: Locale): string {
  if (bytes < 1_000) return `${formatNumber(bytes, locale)} B`;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${formatNumber(bytes / 1_000 ** power, locale, { maximumSignificantDigits: bytes < 10_000 ? 2 : 3 })} ${units[power - 1]}`;
}

/** A run that keeps its own direction inside a sentence of another. */
export const isolated = (run: string): string => `\u2066${run}\u2069`;

export function useByteSize(): (bytes: number) => string {
  const locale = useLocale();
  return (bytes) => isolated(byteSize(bytes, locale));
}
