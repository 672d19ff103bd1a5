import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Model, Provider } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { SelectField } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { Discovered } from "./discovered";
import { ProviderDialog } from "./provider-dialog";
import { ProviderRow } from "./provider-row";
import { modelsQuery, providersQuery, setDefaultModel } from "./queries";
import { useT } from "./text";

export function ModelsPage() {
  const t = useT();
  const providers = useQuery(providersQuery);
  const [dialog, setDialog] = useState<Provider | "new" | null>(null);
  return (
    <div className="flex flex-col gap-5">
      <div>
        <PageTitle title={t("title")} />
        <p className="mt-1 text-ink-2">{t("intro")}</p>
      </div>
      {providers.data && <Discovered providers={providers.data} />}
      <DefaultModel />
      <Card title={t("providers")} aside={<Button onClick={() => setDialog("new")}><Plus className="size-4" aria-hidden="true" />{t("add")}</Button>}>
        {providers.data ? (
          providers.data.length === 0 ? <p className="text-ink-2">{t("providers.none")}</p> : <ul className="-my-4">{providers.data.map((p) => <ProviderRow key={p.id} provider={p} onEdit={() => setDialog(p)} />)}</ul>
        ) : providers.error ? <ErrorNote error={providers.error} retry={() => void providers.refetch()} /> : <Skeleton rows={2} />}
      </Card>
      {dialog && <ProviderDialog provider={dialog === "new" ? null : dialog} names={providers.data?.map((p) => p.name) ?? []} onClose={() => setDialog(null)} />}
    </div>
  );
}

function DefaultModel() {
  const t = useT();
  const queryClient = useQueryClient();
  const models = useQuery(modelsQuery);
  const choose = useMutation({
    mutationFn: setDefaultModel,
    onMutate: async (modelId) => {
      await queryClient.cancelQueries(modelsQuery);
      const before = queryClient.getQueryData(modelsQuery.queryKey);
      queryClient.setQueryData(modelsQuery.queryKey, (items) => items?.map((m) => ({ ...m, isDefault: m.id === modelId })));
      return { before };
    },
    onError: (_error, _modelId, context) => queryClient.setQueryData(modelsQuery.queryKey, context?.before),
    onSettled: () => queryClient.invalidateQueries(modelsQuery),
  });
  if (models.error && !models.data) return <ErrorNote error={models.error} retry={() => void models.refetch()} />;
  if (!models.data) return <Card><Skeleton rows={2} /></Card>;
  const groups = Map.groupBy(models.data.filter((m) => !m.builtIn), (m) => m.providerName ?? "");
  const builtIn = models.data.filter((m) => m.builtIn);
  const option = (model: Model) => <option key={model.id} value={model.id}>{model.builtIn ? `${model.name} · ${t("builtIn")}` : model.name}</option>;
  return (
    <Card>
      <SelectField label={t("default")} hint={t("default.hint")} value={models.data.find((m) => m.isDefault)?.id} onChange={(e) => choose.mutate(e.target.value)}>
        {builtIn.map(option)}
        {[...groups].map(([provider, items]) => <optgroup key={provider} label={provider}>{items.map(option)}</optgroup>)}
      </SelectField>
      {choose.error && <ErrorNote error={choose.error} className="mt-3" />}
    </Card>
  );
}
