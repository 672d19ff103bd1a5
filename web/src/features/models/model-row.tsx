import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Gauge, Play, ShieldCheck, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import { useAmounts } from "@/shared/i18n/amounts";
import type { LocalModel } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { Code, Pill, type Tone } from "@/shared/ui/pill";
import { ErrorNote, Note } from "@/shared/ui/states";
import { loadModel, localKeys, removeModel, testModel, unloadModel, verifyModel } from "./queries";
import { useSize } from "./sizes";
import { useT } from "./text";

const tones: Record<LocalModel["state"], Tone> = { ready: "plain", starting: "warn", loaded: "ok", failing: "bad", damaged: "bad", missing: "bad" };

/** A model that is here: what it takes, how fast it is, and what can be done with it. */
export function ModelRow({ model }: { model: LocalModel }) {
  const t = useT();
  const size = useSize();
  return (
    <li className="border-b border-line py-4 last:border-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Code className="font-medium">{`local/${model.name}`}</Code>
        <Pill>{t(`purpose.${model.purpose}`)}</Pill>
        <Pill tone={tones[model.state]}>{t(`state.${model.state}`)}</Pill>
      </p>
      <p className="mt-1 text-sm text-ink-2">
        <bdi>{model.architecture} {model.quantisation}</bdi> · {size(model.sizeBytes)} · {model.memoryBytes ? t("memory", { size: size(model.memoryBytes) }) : t("needs", { memory: size(model.needBytes) })} · <bdi>{model.licence}</bdi>
      </p>
      {model.fits ? model.purpose === "chat" && <p className="text-sm text-ink-2">{t("context", { tokens: model.contextTokens, places: model.sequences })}</p> : <p className="text-sm text-warn-ink">{t("fits.not")}</p>}
      <Speed model={model} />
      {model.running > 0 && <p className="text-sm text-ink-2">{t("running", { count: model.running })}</p>}
      {model.detail && <p className="text-sm text-bad-ink" dir="auto">{model.detail}</p>}
      <Actions model={model} />
    </li>
  );
}

function Speed({ model: { speed } }: { model: LocalModel }) {
  const t = useT();
  const amounts = useAmounts();
  const words = !speed ? t("speed.none")
    : speed.writeTokensPerSecond === null ? t("speed.vectors", { read: amounts.short(speed.readTokensPerSecond) })
      : t("speed", { read: amounts.short(speed.readTokensPerSecond), write: amounts.short(speed.writeTokensPerSecond), first: amounts.ms(speed.firstTokenMs) });
  return <p className="text-sm text-ink-2">{words}</p>;
}

function Actions({ model }: { model: LocalModel }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const onSettled = () => queryClient.invalidateQueries({ queryKey: localKeys.all });
  const load = useMutation({ mutationFn: () => loadModel(model.id), onSettled });
  const unload = useMutation({ mutationFn: () => unloadModel(model.id), onSettled });
  const test = useMutation({ mutationFn: () => testModel(model.id), onSettled });
  const verify = useMutation({ mutationFn: () => verifyModel(model.id), onSettled });
  const remove = useMutation({ mutationFn: () => removeModel(model.id), onSettled });
  const error = load.error ?? unload.error ?? test.error ?? verify.error ?? remove.error;
  const usable = model.state !== "damaged" && model.state !== "missing";
  const named = (what: string) => t("for", { what, name: model.name });
  return (
    <>
      <div className="mt-3 flex flex-wrap gap-2">
        {usable && (model.state === "loaded" || model.state === "starting"
          ? <Button busy={unload.isPending} aria-label={named(t("unload"))} onClick={() => unload.mutate()}><Square className="size-4" aria-hidden="true" />{t("unload")}</Button>
          : <Button busy={load.isPending} aria-label={named(t("load"))} onClick={() => load.mutate()}><Play className="size-4 rtl:-scale-x-100" aria-hidden="true" />{t("load")}</Button>)}
        {usable && <Button busy={test.isPending} aria-label={named(t("test"))} onClick={() => test.mutate()}><Gauge className="size-4" aria-hidden="true" />{t("test")}</Button>}
        <Button look="plain" busy={verify.isPending} aria-label={named(t("verify"))} onClick={() => verify.mutate()}><ShieldCheck className="size-4" aria-hidden="true" />{t("verify")}</Button>
        <Button look="plain" aria-label={named(t("remove"))} onClick={() => setRemoving(true)}><Trash2 className="size-4" aria-hidden="true" />{t("remove")}</Button>
      </div>
      {removing && <ConfirmNote className="mt-3" text={t("remove.text")} label={t("remove")} busy={remove.isPending} onConfirm={() => remove.mutate()} onCancel={() => setRemoving(false)} />}
      {verify.data && <Note className="mt-3" tone={verify.data.whole ? "ok" : "bad"}>{t(verify.data.whole ? "verified" : "verified.not")}</Note>}
      {error && <ErrorNote error={error} className="mt-3" />}
    </>
  );
}
