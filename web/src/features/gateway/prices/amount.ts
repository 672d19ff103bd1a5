import { formatNumber } from "@/shared/i18n/format";
import type { Locale } from "@/shared/i18n/locale";

/** The amounts of a price, by the names the server has for them. */
export const amountNames = ["input", "output", "cachedInput", "cacheWrite", "reasoning", "request", "image", "audioSecond", "character"] as const;
export type AmountName = (typeof amountNames)[number];

/**
 * How many decimals of the currency one of the server's units is. It keeps millionths: for a million tokens, a request, a picture, a second.
 * It keeps them for one character too; people reckon in a million characters, which cost as many whole units.
 */
const decimals = (name: AmountName): number => (name === "character" ? 0 : 6);

/** A million of the currency, the server's bound as well. */
const most = 1_000_000_000_000;

/**
 * What was typed, in the server's units; null when it is no amount. The decimal point may be a comma, but "1,000" is refused:
 * nobody can tell whether it is one or a thousand.
 */
export function microsOf(text: string, name: AmountName): number | null {
  const latin = text.trim().replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660)).replace("٫", ".");
  const match = /^(\d*)(?:([.,])(\d*))?$/.exec(latin);
  if (!match) return null;
  const [, whole = "", mark, fraction = ""] = match;
  if (whole === "" && fraction === "") return null;
  if (mark === "," && fraction.length === 3 && Number(whole) > 0) return null;
  const places = decimals(name);
  const significant = fraction.replace(/0+$/, "");
  if (significant.length > places) return null;
  // By its digits, so that nothing is rounded.
  const micros = Number(whole + significant.padEnd(places, "0"));
  return micros <= most ? micros : null;
}

/** As it is typed: no separators, no needless noughts. */
export const typed = (micros: number, name: AmountName): string => String(micros / 10 ** decimals(name));

/** As it is read: 0.40, and every decimal a price has. */
export const written = (micros: number, name: AmountName, locale: Locale): string =>
  formatNumber(micros / 10 ** decimals(name), locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
