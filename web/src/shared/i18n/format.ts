import { intlTag, type Locale } from "./locale";

export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Message = string | PluralForms;
export type Params = Readonly<Record<string, string | number>>;

const cache = new Map<string, unknown>();
function cached<V>(key: string, make: () => V): V {
  let value = cache.get(key) as V | undefined;
  if (value === undefined) cache.set(key, (value = make()));
  return value;
}

/** Fills `{name}` places; numbers are written the way the language writes them, and `count` chooses the plural form. */
export function formatMessage(message: Message, locale: Locale, params?: Params): string {
  const pattern = typeof message === "string" ? message : choose(message, locale, params?.["count"]);
  if (!params) return pattern;
  return pattern.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = params[name];
    if (value === undefined) return place;
    return typeof value === "number" ? formatNumber(value, locale) : value;
  });
}

function choose(forms: PluralForms, locale: Locale, count: string | number | undefined): string {
  if (typeof count !== "number") return forms.other;
  return forms[cached(`plural ${locale}`, () => new Intl.PluralRules(locale)).select(count)] ?? forms.other;
}

export function formatNumber(value: number, locale: Locale, options?: Intl.NumberFormatOptions): string {
  // Written the same in all our languages; the first formatter of Intl holds the page up for 60 ms and more.
  if (!options && Number.isInteger(value) && value >= 0 && value < 1_000) return String(value);
  return cached(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(intlTag(locale), options)).format(value);
}

export function formatDate(value: string | Date, locale: Locale, options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" }): string {
  return cached(`date ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(intlTag(locale), options)).format(typeof value === "string" ? new Date(value) : value);
}
