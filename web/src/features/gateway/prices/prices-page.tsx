import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleOff, Coins, Download, Pencil, Plus, Upload } from "lucide-react";
import { useState } from "react";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Card } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { nothing } from "@/shared/i18n/amounts";
import { PageHead } from "../console/frame";
import { modelsQuery } from "../queries";
import { amountColumns } from "./amounts-view";
import { EndDialog } from "./end-dialog";
import { History } from "./history";
import { ImportDialog } from "./import-dialog";
import { PriceDialog } from "./price-dialog";
import { draftOf, emptyPrice, type PriceDraft } from "./price-form";
import { isLive, patternFor, pricedModels, seriesOf, type Series } from "./price-list";
import { exportPrices, pricesQuery } from "./queries";
import { useT } from "./text";
import { Unpriced } from "./unpriced";

type Open = { kind: "set"; start: PriceDraft; known: boolean } | { kind: "end"; pattern: string } | { kind: "import" };

export function PricesPage() {
  const t = useT();
  const prices = useQuery(pricesQuery);
  const models = pricedModels(useQuery(modelsQuery).data ?? []);
  const [open, setOpen] = useState<Open | null>(null);
  const download = useMutation({ mutationFn: exportPrices, onSuccess: save });
  const all = prices.data ? seriesOf(prices.data, new Date(prices.dataUpdatedAt)) : null;
  const live = all?.filter(isLive) ?? [];
  const over = all?.filter((series) => !isLive(series)) ?? [];
  const inForce = live.filter((series) => series.current).map((series) => series.pattern);
  const add = (pattern = ""): void => setOpen({ kind: "set", start: { ...emptyPrice, pattern }, known: false });
  const close = (): void => setOpen(null);
  const table = (items: readonly Series[], label: string) => <PriceTable items={items} label={label} covers={(pattern) => models.filter((m) => patternFor(m, inForce) === pattern).length} onOpen={setOpen} />;
  return (
    <>
      <PageHead title={t("tab")} text={t("intro")}>
        {all && all.length > 0 && <Button busy={download.isPending} onClick={() => download.mutate()}>{!download.isPending && <Download className="size-4" aria-hidden="true" />}{t("export")}</Button>}
        <Button onClick={() => setOpen({ kind: "import" })}><Upload className="size-4" aria-hidden="true" />{t("import")}</Button>
        <Button look="primary" onClick={() => add()}><Plus className="size-4" aria-hidden="true" />{t("set")}</Button>
      </PageHead>
      {download.error && <ErrorNote error={download.error} />}
      {!all ? (
        <Card>{prices.error ? <ErrorNote error={prices.error} retry={() => void prices.refetch()} /> : <Skeleton rows={4} />}</Card>
      ) : live.length === 0 ? (
        <Card><EmptyState icon={Coins} title={t("none")} text={t("none.text")}><Button look="primary" onClick={() => add()}>{t("set")}</Button></EmptyState></Card>
      ) : (
        <>
          <Card>
            <p className="mb-3 text-sm text-ink-2">{t("table.text")}</p>
            {table(live, t("tab"))}
          </Card>
          <Unpriced models={models.filter((model) => patternFor(model, inForce) === null)} onSet={add} />
        </>
      )}
      {over.length > 0 && (
        <details className="rounded-lg border border-line bg-surface-1 px-5">
          <summary className="min-h-row cursor-pointer py-3 font-medium text-ink-2">{t("over", { count: over.length })}</summary>
          <div className="pb-4">{table(over, t("over", { count: over.length }))}</div>
        </details>
      )}
      {open?.kind === "set" && <PriceDialog start={open.start} known={open.known} onClose={close} />}
      {open?.kind === "end" && <EndDialog pattern={open.pattern} onClose={close} />}
      {open?.kind === "import" && <ImportDialog onClose={close} />}
    </>
  );
}

/** Hands the file to the browser's downloads. */
function save(file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `prices-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  // Only after the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function PriceTable({ items, label, covers, onOpen }: { items: readonly Series[]; label: string; covers: (pattern: string) => number; onOpen: (open: Open) => void }) {
  const t = useT();
  const locale = useLocale();
  const date = (value: string): string => formatDate(value, locale, { dateStyle: "medium" });
  const columns: Column<Series>[] = [
    {
      id: "pattern", label: t("pattern"), lead: true, cell: ({ pattern, current, next }) => (
        <>
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Code>{pattern}</Code>
            {next && <Pill tone="jean">{t(next.ended ? "next.ends" : "next.price", { date: date(next.validFrom) })}</Pill>}
          </span>
          {current && <span className="block text-sm font-normal text-ink-2">{t("covers", { count: covers(pattern) })}</span>}
        </>
      ),
    },
    ...amountColumns<Series>(t, locale, ({ current }) => current),
    { id: "since", label: t("since"), cell: ({ current }) => <span className="text-sm whitespace-nowrap text-ink-2">{current ? date(current.validFrom) : nothing}</span> },
    {
      id: "do", label: t("actions"), bare: true, cell: ({ pattern, current, versions }) => (
        <span className="-my-1.5 -me-3 flex justify-end">
          <IconButton label={t("set.again", { name: pattern })} onClick={() => onOpen({ kind: "set", start: draftOf(current ?? versions[0]!.price, false), known: true })}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
          {current && <IconButton label={t("end", { name: pattern })} onClick={() => onOpen({ kind: "end", pattern })}><CircleOff className="size-4.5" aria-hidden="true" /></IconButton>}
        </span>
      ),
    },
  ];
  const more = (series: Series) => (series.versions.length > 1 || !series.current ? <History series={series} onEdit={(price) => onOpen({ kind: "set", start: draftOf(price, true), known: true })} /> : null);
  return <DataTable label={label} columns={columns} rows={items} keyOf={(series) => series.pattern} more={more} />;
}
