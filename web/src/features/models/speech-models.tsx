import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Download, ShieldCheck, Trash2 } from "lucide-react";
import { useState } from "react";
import type { SpeechModel, SpeechOffer } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { Card } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { wantedOf, type Wanted } from "./licence-dialog";
import { localKeys, removeSpeech, speechModelsQuery, verifySpeech } from "./queries";
import { useSize } from "./sizes";
import { useT } from "./text";

/** What Jean can hear and speak with on this server: what is here, and what can be had by name. */
export function SpeechModels({ onGet }: { onGet: (wanted: Wanted) => void }) {
  const t = useT();
  const models = useQuery(speechModelsQuery);
  return (
    <Card title={t("speech")} text={t("speech.text")}>
      {models.data
        ? (
          <ul className="-my-4">
            {models.data.items.map((model) => <SpeechRow key={model.name} model={model} />)}
            {models.data.offers.filter((offer) => !offer.installed).map((offer) => <SpeechOfferRow key={offer.name} offer={offer} onGet={onGet} />)}
          </ul>
        )
        : models.error ? <ErrorNote error={models.error} retry={() => void models.refetch()} /> : <Skeleton rows={3} />}
    </Card>
  );
}

function SpeechRow({ model }: { model: SpeechModel }) {
  const t = useT();
  const size = useSize();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const onSettled = () => queryClient.invalidateQueries({ queryKey: localKeys.all });
  const verify = useMutation({ mutationFn: () => verifySpeech(model.name), onSettled });
  const remove = useMutation({ mutationFn: () => removeSpeech(model.name), onSettled });
  const error = verify.error ?? remove.error;
  const named = (what: string) => t("for", { what, name: model.name });
  return (
    <li className="border-b border-line py-4 last:border-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Code className="font-medium">{`local/${model.name}`}</Code>
        <Pill>{t(`purpose.${model.purpose}`)}</Pill>
        {model.damaged ? <Pill tone="bad">{t("state.damaged")}</Pill> : <Pill><Check className="size-3.5" aria-hidden="true" />{t("here")}</Pill>}
      </p>
      <p className="mt-1 text-sm text-ink-2"><bdi>{model.kind}</bdi> · {size(model.sizeBytes)}{model.licence && <> · <bdi>{model.licence}</bdi></>}</p>
      {!model.verifiable && <p className="text-sm text-ink-2">{t("speech.byHand")}</p>}
      <div className="mt-3 flex flex-wrap gap-2">
        {model.verifiable && <Button look="plain" busy={verify.isPending} aria-label={named(t("verify"))} onClick={() => verify.mutate()}><ShieldCheck className="size-4" aria-hidden="true" />{t("verify")}</Button>}
        <Button look="plain" aria-label={named(t("remove"))} onClick={() => setRemoving(true)}><Trash2 className="size-4" aria-hidden="true" />{t("remove")}</Button>
      </div>
      {removing && <ConfirmNote className="mt-3" text={t("speech.remove.text")} label={t("remove")} busy={remove.isPending} onConfirm={() => remove.mutate()} onCancel={() => setRemoving(false)} />}
      {verify.data && <Note className="mt-3" tone={verify.data.whole ? "ok" : "bad"}>{t(verify.data.whole ? "speech.verified" : "verified.not")}</Note>}
      {error && <ErrorNote error={error} className="mt-3" />}
    </li>
  );
}

function SpeechOfferRow({ offer, onGet }: { offer: SpeechOffer; onGet: (wanted: Wanted) => void }) {
  const t = useT();
  const size = useSize();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-4 last:border-0">
      <div className="min-w-48 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1"><bdi className="font-medium">{offer.title}</bdi><Pill>{t(`purpose.${offer.purpose}`)}</Pill></p>
        <p className="mt-0.5 text-sm text-ink-2">{size(offer.sizeBytes)} · <bdi>{offer.licence}</bdi></p>
      </div>
      <Button aria-label={t("get.name", { name: offer.title })} onClick={() => onGet(wantedOf(offer))}>
        <Download className="size-4" aria-hidden="true" />{t("get")}
      </Button>
    </li>
  );
}
