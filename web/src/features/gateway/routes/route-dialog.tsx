import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { isApiError } from "@/shared/api/error";
import type { RouteItem, RouteStrategy } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { SelectField, SuggestField, Switch, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { useT } from "../console/text";
import { gatewayKeys, modelsQuery } from "../queries";
import { GuardrailFields } from "./guardrail-fields";
import { createRoute, routesKey, updateRoute } from "./queries";
import { cacheModes, draftOf, emptyRoute, faultOf, moved, newGuardrail, newTarget, requestOf, strategies, type RouteDraft } from "./route-form";
import { TargetFields } from "./target-fields";

/** Makes or changes a route. */
export function RouteDialog({ edited, onClose }: { edited: RouteItem | null; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const models = (useQuery(modelsQuery).data ?? []).filter((m) => !m.builtIn && !m.route).map((m) => m.id);
  const [draft, setDraft] = useState<RouteDraft>(() => (edited ? draftOf(edited) : emptyRoute()));
  const [tried, setTried] = useState(false);
  const set = (part: Partial<RouteDraft>): void => setDraft((d) => ({ ...d, ...part }));
  const save = useMutation({
    mutationFn: () => (edited ? updateRoute(edited.id, { ...requestOf(draft), version: edited.version }) : createRoute(requestOf(draft))),
    onSuccess: onClose,
    onSettled: () => Promise.all([queryClient.invalidateQueries({ queryKey: routesKey }), queryClient.invalidateQueries({ queryKey: gatewayKeys.models })]),
  });
  const fault = isApiError(save.error) ? save.error : null;
  const missing = tried ? faultOf(draft) : null;
  const fieldError = (path: string): string | undefined => fault?.field(path);
  const nameError = missing === "name" ? t("route.name.needed") : fault?.code === "gateway.route_name_taken" ? t("route.name.taken") : fault?.field("name");
  // Faults of fields that are folded away or have no place of their own are said below.
  const others = Object.entries(fault?.problem.errors ?? {}).filter(([path]) => path !== "name").map(([, [reason]]) => reason);
  const submit = (): void => {
    setTried(true);
    if (faultOf(draft) === null) save.mutate();
  };
  return (
    <Dialog open onClose={onClose} title={edited ? t("key.edit", { name: edited.name }) : t("route.new")} className="w-[min(46rem,calc(100vw-1rem))]!">
      <form noValidate className="flex flex-col gap-6" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label={t("route.name")} hint={t("route.name.hint")} value={draft.name} onChange={(e) => set({ name: e.target.value })} maxLength={100} dir="ltr" className="font-mono rtl:text-end" spellCheck={false} autoCapitalize="off" required error={nameError} autoFocus />
          <SelectField label={t("route.strategy")} hint={t(`strategy.${draft.strategy}.text`)} value={draft.strategy} onChange={(e) => set({ strategy: e.target.value as RouteStrategy })}>{strategies.map((s) => <option key={s} value={s}>{t(`strategy.${s}`)}</option>)}</SelectField>
        </div>
        <Section title={t("route.targets")} text={t("route.targets.text")}>
          {missing === "targets" && <p role="alert" className="text-sm text-bad-ink">{t("route.targets.needed")}</p>}
          <ol className="flex flex-col gap-2">
            {draft.targets.map((target, index) => (
              <TargetFields
                key={target.id} target={target} index={index} count={draft.targets.length} weighted={draft.strategy === "weighted" || draft.strategy === "least-busy" || draft.sticky} models={models} fieldError={fieldError}
                onChange={(changed) => setDraft((d) => ({ ...d, targets: d.targets.map((x) => (x.id === changed.id ? changed : x)) }))}
                onMove={(by) => set({ targets: moved(draft.targets, index, by) })} onRemove={() => set({ targets: draft.targets.filter((x) => x.id !== target.id) })}
              />
            ))}
          </ol>
          <Button className="self-start" onClick={() => set({ targets: [...draft.targets, newTarget()] })}><Plus className="size-4" aria-hidden="true" />{t("target.add")}</Button>
        </Section>
        <Section title={t("route.trouble")}>
          <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
            <TextField label={t("route.attempts")} value={draft.maxAttempts} onChange={(e) => set({ maxAttempts: e.target.value })} type="number" min={1} max={10} dir="ltr" error={fieldError("definition.maxAttempts")} />
            <TextField label={t("route.deadline")} value={draft.deadline} onChange={(e) => set({ deadline: e.target.value })} type="number" min={1} max={600} dir="ltr" error={fieldError("definition.deadlineSeconds")} />
            <TextField label={t("route.firstToken")} value={draft.firstToken} onChange={(e) => set({ firstToken: e.target.value })} type="number" min={1} max={600} dir="ltr" error={fieldError("definition.firstTokenSeconds")} />
          </div>
          <div>
            <Switch label={t("route.hedge")} hint={t("route.hedge.text")} checked={draft.hedge} onChange={(hedge) => set({ hedge })} />
            <Switch label={t("route.sticky")} hint={t("route.sticky.text")} checked={draft.sticky} onChange={(sticky) => set({ sticky })} />
          </div>
        </Section>
        <Section title={t("route.cache")}>
          <div className="grid gap-3 sm:grid-cols-2">
            <SelectField label={t("route.cache.mode")} hint={t(`cache.mode.${draft.cache}.text`)} value={draft.cache} onChange={(e) => set({ cache: e.target.value as RouteDraft["cache"] })}>{cacheModes.map((m) => <option key={m} value={m}>{t(`cache.mode.${m}`)}</option>)}</SelectField>
            {draft.cache !== "off" && <TextField label={t("route.cache.lifetime")} value={draft.lifetime} onChange={(e) => set({ lifetime: e.target.value })} type="number" min={1} dir="ltr" error={fieldError("definition.cache.lifetimeSeconds")} />}
            {draft.cache !== "off" && <TextField label={t("route.cache.similarity")} hint={t("route.cache.similarity.hint")} value={draft.similarity} onChange={(e) => set({ similarity: e.target.value })} type="number" min={0.5} max={1} step={0.01} dir="ltr" error={fieldError("definition.cache.similarity")} />}
            {draft.cache !== "off" && draft.similarity !== "" && <SuggestField label={t("route.cache.embedding")} value={draft.embeddingModel} onChange={(e) => set({ embeddingModel: e.target.value })} suggestions={models} placeholder="provider/model" error={fieldError("definition.cache.embeddingModel")} />}
          </div>
        </Section>
        <Section title={t("guard")} text={t("guard.text")}>
          {draft.guardrails.length > 0 && (
            <ol className="flex flex-col gap-2">
              {draft.guardrails.map((step, index) => (
                <GuardrailFields
                  key={step.id} step={step} index={index} count={draft.guardrails.length} fieldError={fieldError}
                  onChange={(changed) => setDraft((d) => ({ ...d, guardrails: d.guardrails.map((x) => (x.id === changed.id ? changed : x)) }))}
                  onMove={(by) => set({ guardrails: moved(draft.guardrails, index, by) })} onRemove={() => set({ guardrails: draft.guardrails.filter((x) => x.id !== step.id) })}
                />
              ))}
            </ol>
          )}
          <Button className="self-start" onClick={() => set({ guardrails: [...draft.guardrails, newGuardrail()] })}><Plus className="size-4" aria-hidden="true" />{t("guard.add")}</Button>
        </Section>
        <Section title={t("route.privacy")}>
          <Switch label={t("route.keep")} hint={t("route.keep.text")} checked={draft.keepBodies} onChange={(keepBodies) => set({ keepBodies })} />
        </Section>
        {fault && !nameError && (others.length > 0 ? <div role="alert" className="rounded-md bg-bad-soft px-4 py-3 text-bad-ink"><ul className="flex flex-col gap-1">{others.map((reason) => <li key={reason} dir="auto">{reason}</li>)}</ul></div> : <ErrorNote error={fault} />)}
        <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap justify-end gap-2 border-t border-line bg-surface-1 px-5 py-3">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{edited ? common("action.save") : t("route.make")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <div><h3 className="font-semibold">{title}</h3>{text && <p className="text-sm text-ink-2">{text}</p>}</div>
      {children}
    </section>
  );
}
