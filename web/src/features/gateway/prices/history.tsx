import { Pencil } from "lucide-react";
import type { Price } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { IconButton } from "@/shared/ui/button";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Disclosure } from "@/shared/ui/disclosure";
import { Pill, type Tone } from "@/shared/ui/pill";
import { amountColumns } from "./amounts-view";
import type { Series, Version, VersionState } from "./price-list";
import { useT } from "./text";

const tones: Record<VersionState, Tone> = { inForce: "ok", planned: "jean", past: "plain", replaced: "plain" };

/** All versions of one pattern, those to come included; what is planned may still be changed. */
export function History({ series, onEdit }: { series: Series; onEdit: (price: Price) => void }) {
  const t = useT();
  const locale = useLocale();
  const columns: Column<Version>[] = [
    {
      id: "from", label: t("since"), lead: true, cell: ({ price, state }) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-normal">
          {formatDate(price.validFrom, locale)}
          <Pill tone={tones[state]}>{t(`version.${state}`)}</Pill>
        </span>
      ),
    },
    ...amountColumns<Version>(t, locale, ({ price }) => (price.ended ? null : price)),
    {
      id: "do", label: t("actions"), bare: true, cell: ({ price, state }) => state === "planned" && !price.ended && (
        <span className="-my-2 -me-3 flex justify-end"><IconButton label={t("version.edit", { date: formatDate(price.validFrom, locale) })} onClick={() => onEdit(price)}><Pencil className="size-4" aria-hidden="true" /></IconButton></span>
      ),
    },
  ];
  return (
    <Disclosure label={t("history", { count: series.versions.length })}>
      <div className="mt-1 rounded-md bg-surface-0 px-4 py-2 text-sm">
        <DataTable label={t("history.of", { name: series.pattern })} columns={columns} rows={series.versions} keyOf={({ price }) => price.id} />
      </div>
    </Disclosure>
  );
}
