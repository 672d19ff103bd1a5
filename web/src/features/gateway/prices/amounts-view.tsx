import type { Price } from "@/shared/api/types";
import type { Locale } from "@/shared/i18n/locale";
import type { Column } from "@/shared/ui/data-table";
import { nothing } from "@/shared/i18n/amounts";
import { written, type AmountName } from "./amount";
import type { useT } from "./text";

type T = ReturnType<typeof useT>;
const tokens = ["input", "output", "cachedInput"] as const;
const further = ["cacheWrite", "reasoning", "request", "image", "audioSecond", "character"] as const;

/** The columns of what a price says; `of` gives null where a row has no price. */
export function amountColumns<Row>(t: T, locale: Locale, of: (row: Row) => Price | null): Column<Row>[] {
  const number = (micros: number, name: AmountName) => <span dir="ltr" className="tabular whitespace-nowrap">{written(micros, name, locale)}</span>;
  return [
    ...tokens.map((name): Column<Row> => ({
      id: name, label: t(`amount.${name}`), number: true, cell: (row) => {
        const price = of(row);
        if (!price) return <span className="text-ink-2">{name === "input" ? t("free.none") : nothing}</span>;
        const micros = price[`${name}Micros`];
        return micros === null ? <span className="text-ink-2">{t("amount.asInput")}</span> : number(micros, name);
      },
    })),
    {
      id: "further", label: t("further"), cell: (row) => {
        const price = of(row);
        const said = price ? further.filter((name) => price[`${name}Micros`] !== null && !(name === "request" && price.requestMicros === 0)) : [];
        if (!price || said.length === 0) return <span className="text-ink-2">{nothing}</span>;
        return <span className="flex flex-col text-sm max-md:items-end">{said.map((name) => <span key={name}>{number(price[`${name}Micros`]!, name)} <span className="text-ink-2">{t(`per.${name}`)}</span></span>)}</span>;
      },
    },
  ];
}
