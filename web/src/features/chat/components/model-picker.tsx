import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { chatModelsQuery } from "../queries";
import { useT } from "../text";

/** Which model answers here. The native list is the one everybody can use. */
export function ModelPicker({ value, onChange }: { value: string | null; onChange: (modelId: string | null) => void }) {
  const t = useT();
  const { data: models } = useQuery(chatModelsQuery);
  if (!models) return null;
  const standard = models.find((m) => m.isDefault);
  const groups = [...Map.groupBy(models, (m) => m.providerName)];
  const chosen = models.find((m) => m.id === value);
  const gone = value !== null && !chosen;
  return (
    <span className="relative inline-flex min-w-0 items-center max-sm:rounded-md max-sm:outline-offset-2 max-sm:outline-accent-ink max-sm:has-focus-visible:outline-2">
      {/* On a phone there is room for the name alone. Its own direction must not decide on which side the arrow has its room. */}
      <span aria-hidden="true" className="max-w-28 truncate ps-2 pe-8 text-sm text-ink-2 sm:hidden"><bdi>{chosen?.name ?? value ?? standard?.name ?? t("model.none")}</bdi></span>
      <select
        aria-label={t("model.label")} value={value ?? ""} onChange={(e) => onChange(e.target.value || null)}
        className="min-h-row max-w-56 min-w-0 appearance-none truncate rounded-md bg-transparent ps-3 pe-8 text-sm text-ink-2 transition-colors hover:bg-surface-2 hover:text-ink-1 max-sm:absolute max-sm:inset-0 max-sm:opacity-0"
      >
        <option value="">{standard ? t("model.default", { name: standard.name }) : t("model.none")}</option>
        {gone && <option value={value}>{t("model.gone", { name: value })}</option>}
        {groups.map(([provider, items]) => (
          <optgroup key={provider ?? "built-in"} label={provider ?? "Jean"}>
            {items.map((m) => <option key={m.id} value={m.id}>{m.builtIn ? t("model.builtIn", { name: m.name }) : m.name}</option>)}
          </optgroup>
        ))}
      </select>
      <ChevronDown className="pointer-events-none absolute end-2.5 size-4 text-ink-3" aria-hidden="true" />
    </span>
  );
}
