import { Cloud, Plus, Server } from "lucide-react";
import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Provider } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { SelectField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { CheckNote } from "./check-note";
import { freeName, presets, type Preset } from "./presets";
import { ProviderForm } from "./provider-form";
import { gatewayKeys, setDefaultModel } from "./queries";
import { useT } from "./text";
import type { Connected } from "./use-connect";

interface ProviderDialogProps {
  /** The provider to change, or null to add one. */
  provider: Provider | null;
  names: readonly string[];
  onClose: () => void;
}

/** Three short steps: which one, its address and key, what came of it. */
export function ProviderDialog({ provider, names, onClose }: ProviderDialogProps) {
  const t = useT();
  const [choice, setChoice] = useState<Preset | "other" | null>(null);
  const [connected, setConnected] = useState<Connected | null>(null);
  const [changing, setChanging] = useState<Provider | null>(provider);
  const preset = choice === "other" || choice === null ? undefined : choice;

  return (
    <Dialog open onClose={onClose} title={changing ? t("edit", { name: changing.name }) : t("add")}>
      {connected ? (
        <Outcome connected={connected} onClose={onClose} onEdit={() => { setChanging(connected.provider); setConnected(null); }} />
      ) : changing || choice ? (
        <ProviderForm
          provider={changing ?? undefined} preset={preset} name={changing?.name ?? (preset ? freeName(preset.name, names) : "")}
          onConnected={setConnected} onBack={changing ? undefined : () => setChoice(null)}
        />
      ) : (
        <Presets onChoose={setChoice} />
      )}
    </Dialog>
  );
}

function Presets({ onChoose }: { onChoose: (choice: Preset | "other") => void }) {
  const t = useT();
  const list = (local: boolean) => presets.filter((p) => p.local === local);
  const Icon = { true: Server, false: Cloud };
  return (
    <div className="flex flex-col gap-5">
      {[true, false].map((local) => {
        const Sign = Icon[`${local}`];
        return (
          <section key={String(local)}>
            <h3 className="mb-2 flex items-center gap-2 text-sm font-medium text-ink-2"><Sign className="size-4" aria-hidden="true" />{t(local ? "preset.local" : "preset.cloud")}</h3>
            <div className="grid grid-cols-2 gap-2 sm:grid-cols-3">
              {list(local).map((preset) => <Button key={preset.id} className="justify-start text-start" onClick={() => onChoose(preset)}><span dir="ltr">{preset.name}</span></Button>)}
              {!local && <Button look="plain" className="justify-start" onClick={() => onChoose("other")}><Plus className="size-4" aria-hidden="true" />{t("preset.other")}</Button>}
            </div>
          </section>
        );
      })}
    </div>
  );
}

function Outcome({ connected: { provider, check }, onClose, onEdit }: { connected: Connected; onClose: () => void; onEdit: () => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [model, setModel] = useState(check.models[0] ?? "");
  const choose = useMutation({
    mutationFn: () => setDefaultModel(`${provider.slug}/${model}`),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: gatewayKeys.models });
      onClose();
    },
  });
  return (
    <div className="flex flex-col gap-4">
      <CheckNote result={check} />
      {check.ok && check.models.length > 0 && (
        <SelectField label={t("default")} value={model} onChange={(e) => setModel(e.target.value)} dir="ltr">
          {check.models.map((m) => <option key={m}>{m}</option>)}
        </SelectField>
      )}
      {choose.error && <ErrorNote error={choose.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look={check.ok ? "plain" : "quiet"} onClick={onClose}>{t("done")}</Button>
        {check.ok && model ? <Button look="primary" busy={choose.isPending} onClick={() => choose.mutate()}>{t("check.use")}</Button> : <Button look="primary" onClick={onEdit}>{t("edit", { name: provider.name })}</Button>}
      </div>
    </div>
  );
}
