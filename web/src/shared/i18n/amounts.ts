import { formatNumber } from "./format";
import { useLocale, type Locale } from "./locale";

/** How quantities are written. Digits and units stand in one left-to-right run in every language. */
export interface Amounts {
  count: (value: number) => string;
  /** 12,345 is 12.3K: for tiles and axes. */
  short: (value: number) => string;
  /** 950 ms, 1.24 s, 2 min. */
  ms: (value: number | null | undefined) => string;
  /** Millionths of the currency the owner's price list is kept in, which has no sign of its own. */
  cost: (micros: number) => string;
  percent: (part: number, whole: number) => string;
}

export const nothing = "–";

export function amountsFor(locale: Locale): Amounts {
  const number = (value: number, options?: Intl.NumberFormatOptions): string => formatNumber(value, locale, options);
  return {
    count: (value) => number(value),
    short: (value) => (Math.abs(value) < 10_000 ? number(Math.round(value * 100) / 100) : number(value, { notation: "compact", maximumFractionDigits: 1 })),
    ms: (value) => {
      if (value === null || value === undefined) return nothing;
      if (value < 1) return `<${number(1)} ms`;
      if (value < 1_000) return `${number(Math.round(value))} ms`;
      if (value < 100_000) return `${number(value / 1_000, { maximumSignificantDigits: 3 })} s`;
      return `${number(Math.round(value / 60_000))} min`;
    },
    cost: (micros) => {
      const value = micros / 1_000_000;
      if (value === 0) return number(0);
      return number(value, Math.abs(value) >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 3, maximumFractionDigits: 6 });
    },
    percent: (part, whole) => number(whole === 0 ? 0 : part / whole, { style: "percent", maximumFractionDigits: part > 0 && part / whole < 0.1 ? 1 : 0 }),
  };
}

export const useAmounts = (): Amounts => amountsFor(useLocale());
