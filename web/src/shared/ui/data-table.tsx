import { Fragment, type ReactNode } from "react";
import { cx } from "./cx";

export interface Column<Row> {
  id: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand under each other, at the end; on a phone two of them side by side. */
  number?: boolean;
  /** The name of the row: heads its card on a phone. */
  lead?: boolean;
  /** For buttons and the like, whose column needs no visible name. */
  bare?: boolean;
}

/** A table on a wide screen; on a phone each row is a card. The roles are written out because the card's layout would take them away. */
export function DataTable<Row>({ label, columns, rows, keyOf, more, className }: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What stands below a row over the whole width, such as a disclosure; null for none. */
  more?: (row: Row) => ReactNode;
  className?: string;
}) {
  return (
    <table role="table" aria-label={label} className={cx("w-full max-md:block", className)}>
      <thead role="rowgroup" className="max-md:sr-only">
        <tr role="row" className="border-b border-line">
          {columns.map((c) => (
            <th key={c.id} role="columnheader" scope="col" className={cx("px-3 py-2 text-sm font-medium whitespace-nowrap text-ink-2 first:ps-0 last:pe-0", c.number ? "text-end" : "text-start")}>
              <span className={c.bare ? "sr-only" : undefined}>{c.label}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className="max-md:flex max-md:flex-col max-md:gap-3">
        {rows.map((row) => {
          const below = more?.(row) ?? null;
          return (
            <Fragment key={keyOf(row)}>
              <tr role="row" className={cx("max-md:grid max-md:grid-cols-2 max-md:gap-x-8 max-md:gap-y-1", below === null && "border-b border-line last:border-0 max-md:pb-3")}>
                {columns.map((c) => {
                  const own = cx("py-2.5 md:px-3 md:first:ps-0 md:last:pe-0 max-md:py-0.5", c.number ? "tabular md:text-end" : "max-md:col-span-2", !c.lead && !c.bare && "max-md:flex max-md:items-baseline max-md:justify-between max-md:gap-4");
                  const inside = <>{!c.lead && !c.bare && <span aria-hidden="true" className="text-sm text-ink-2 md:hidden">{c.label}</span>}<span className="min-w-0">{c.cell(row)}</span></>;
                  return c.lead
                    ? <th key={c.id} role="rowheader" scope="row" className={cx(own, "text-start font-medium")}>{inside}</th>
                    : <td key={c.id} role="cell" className={own}>{inside}</td>;
                })}
              </tr>
              {below !== null && (
                <tr role="row" className="border-b border-line last:border-0 max-md:-mt-3 max-md:block">
                  <td role="cell" colSpan={columns.length} className="pb-2.5 max-md:block max-md:pb-3">{below}</td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
