import { Check, Download } from "lucide-react";
import type { LocalOffer } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Pill } from "@/shared/ui/pill";
import { useSize } from "./sizes";
import { useT } from "./text";

/** A model that can be had by name. */
export function OfferRow({ offer, primary = false, onGet }: { offer: LocalOffer; primary?: boolean; onGet: () => void }) {
  const t = useT();
  const size = useSize();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-4 last:border-0">
      <div className="min-w-48 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="font-medium">{offer.title}</bdi>
          <Pill>{t(`purpose.${offer.purpose}`)}</Pill>
          {offer.suggested && !offer.installed && <Pill tone="jean">{t("suggested")}</Pill>}
        </p>
        <p className="mt-0.5 text-sm text-ink-2">
          {size(offer.sizeBytes)} · {t("needs", { memory: size(offer.needBytes) })} · <bdi>{offer.licence}</bdi>
        </p>
        {!offer.fits && <p className="text-sm text-warn-ink">{t("fits.not")}</p>}
      </div>
      {offer.installed
        ? <span className="inline-flex min-h-row items-center gap-2 text-ink-2"><Check className="size-4" aria-hidden="true" />{t("here")}</span>
        : <Button look={primary ? "primary" : "quiet"} aria-label={t("get.name", { name: offer.title })} onClick={onGet}><Download className="size-4" aria-hidden="true" />{t("get")}</Button>}
    </li>
  );
}
