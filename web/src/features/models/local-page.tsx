import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LocalCatalogue, LocalModel } from "@/shared/api/types";
import { Card, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { FirstModels, Pulls } from "./first-models";
import { LicenceDialog, wantedOf, type Wanted } from "./licence-dialog";
import { ModelRow } from "./model-row";
import { OfferRow } from "./offer-row";
import { OtherModel } from "./other-model";
import { catalogueQuery, localModelsQuery } from "./queries";
import { SpeechModels } from "./speech-models";
import { useSize } from "./sizes";
import { useT } from "./text";

/** The models that run on this server: what is here, what comes, what could. */
export function LocalPage() {
  const t = useT();
  const catalogue = useQuery(catalogueQuery);
  const models = useQuery(localModelsQuery);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const error = catalogue.error ?? models.error;
  if (!catalogue.data || !models.data)
    return (
      <div className="flex flex-col gap-5">
        <PageTitle title={t("title")} />
        {error ? <ErrorNote error={error} retry={() => void Promise.all([catalogue.refetch(), models.refetch()])} /> : <Card><Skeleton rows={4} /></Card>}
      </div>
    );
  const installed = models.data.items;
  return (
    <div className="flex flex-col gap-5">
      <div>
        <PageTitle title={t("title")} />
        <p className="mt-1 text-ink-2">{t("intro")}</p>
      </div>
      {!catalogue.data.engineInstalled && <Note tone="warn">{t("engine.missing")}</Note>}
      {installed.length === 0 && <FirstModels catalogue={catalogue.data} onGet={setWanted} />}
      <Pulls />
      <Installed models={installed} catalogue={catalogue.data} />
      <Card title={t("catalogue")}>
        <ul className="-my-4">
          {catalogue.data.items.map((offer) => <OfferRow key={offer.name} offer={offer} onGet={() => setWanted(wantedOf(offer))} />)}
        </ul>
      </Card>
      <SpeechModels onGet={setWanted} />
      <OtherModel onGet={setWanted} />
      {wanted && <LicenceDialog wanted={wanted} onClose={() => setWanted(null)} />}
    </div>
  );
}

function Installed({ models, catalogue }: { models: readonly LocalModel[]; catalogue: LocalCatalogue }) {
  const t = useT();
  const size = useSize();
  return (
    <Card title={t("installed")} text={t("machine", { free: size(catalogue.availableBytes), total: size(catalogue.totalBytes), disk: size(catalogue.freeDiskBytes) })}>
      {models.length === 0 ? <p className="text-ink-2">{t("installed.none")}</p> : <ul className="-my-4">{models.map((model) => <ModelRow key={model.id} model={model} />)}</ul>}
    </Card>
  );
}
