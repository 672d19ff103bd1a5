import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { LocalCatalogue } from "@/shared/api/types";
import { Card } from "@/shared/ui/page";
import { LicenceDialog, wantedOf, type Wanted } from "./licence-dialog";
import { OfferRow } from "./offer-row";
import { PullRow } from "./pull-row";
import { catalogueQuery, isUnderway, pullsQuery } from "./queries";
import { useT } from "./text";

/** Nothing is here yet: two that fit, one press away. */
export function FirstModels({ catalogue, onGet }: { catalogue: LocalCatalogue; onGet: (wanted: Wanted) => void }) {
  const t = useT();
  const fitting = catalogue.items.filter((offer) => offer.suggested && offer.purpose === "chat");
  if (fitting.length === 0) return null;
  return (
    <Card title={t("first")} text={t("first.text")}>
      <ul className="-my-4">
        {fitting.map((offer) => <OfferRow key={offer.name} offer={offer} primary onGet={() => onGet(wantedOf(offer))} />)}
      </ul>
    </Card>
  );
}

/** What is being fetched, and what failed to be. */
export function Pulls() {
  const t = useT();
  const queryClient = useQueryClient();
  const pulls = useQuery(pullsQuery);
  const shown = pulls.data?.items.filter((pull) => isUnderway(pull) || pull.state === "failed") ?? [];
  const underway = shown.filter(isUnderway).length;
  const before = useRef(underway);
  useEffect(() => {
    // Another model may answer from now on, or be heard: whatever is shown asks anew.
    if (underway < before.current) void queryClient.invalidateQueries();
    before.current = underway;
  }, [underway, queryClient]);
  if (shown.length === 0) return null;
  return (
    <Card title={t("pulls")}>
      <ul className="-my-3">{shown.map((pull) => <PullRow key={pull.id} pull={pull} />)}</ul>
    </Card>
  );
}

/** The same where one begins, for as long as no model answers. */
export default function FirstModelsHere() {
  const catalogue = useQuery(catalogueQuery);
  const pulls = useQuery(pullsQuery);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  if (!catalogue.data?.engineInstalled || !pulls.data) return null;
  return (
    <div className="mt-5 flex flex-col gap-5">
      {pulls.data.items.some(isUnderway) || <FirstModels catalogue={catalogue.data} onGet={setWanted} />}
      <Pulls />
      {wanted && <LicenceDialog wanted={wanted} onClose={() => setWanted(null)} />}
    </div>
  );
}
