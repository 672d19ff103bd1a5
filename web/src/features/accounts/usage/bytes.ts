import { formatNumber } from "@/shared/i18n/format";
import type { Locale } from "@/shared/i18n/locale";

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
export const gigabyte = 1024 ** 3;

/** 1.5 GB: in the largest unit of which there is one, by steps of 1024. */
export function writeBytes(bytes: number, locale: Locale): string {
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return formatNumber(value, locale, { style: "unit", unit: units[step]!, unitDisplay: step === 0 ? "long" : "short", maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 });
}
