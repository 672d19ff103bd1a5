import { ArrowRight, ExternalLink, Server, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { Provider } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { SelectField, TextField } from "@/shared/ui/field";
import { ErrorNote, Note } from "@/shared/ui/states";
import { destinationOf, providerKinds, type Preset } from "./presets";
import { useT } from "./text";
import { useConnect, type Connected } from "./use-connect";

interface ProviderFormProps {
  /** The provider to change; absent adds one. */
  provider?: Provider | undefined;
  preset?: Preset | undefined;
  name: string;
  onConnected: (connected: Connected) => void;
  onBack?: (() => void) | undefined;
}

/** Name, kind, address, key; saving checks at once. */
export function ProviderForm({ provider, preset, name: firstName, onConnected, onBack }: ProviderFormProps) {
  const t = useT();
  const common = useCommon();
  const [name, setName] = useState(firstName);
  const [kind, setKind] = useState<string>(provider?.kind ?? preset?.kind ?? "openai");
  const [baseUrl, setBaseUrl] = useState(provider?.baseUrl ?? preset?.baseUrl ?? "");
  const [apiKey, setApiKey] = useState("");
  const [tried, setTried] = useState(false);
  const connect = useConnect();
  const destination = destinationOf(baseUrl);
  const wantsKey = preset ? !preset.local : destination?.kind === "away";

  const fault = isApiError(connect.error) ? connect.error : null;
  const urlError = (tried && !destination) || fault?.code === "gateway.base_url_invalid" ? (fault?.field("baseUrl") ?? t("url.invalid")) : undefined;
  const nameError = fault?.code === "gateway.provider_name_taken" ? t("taken") : fault?.field("name");

  const save = (): void => {
    setTried(true);
    if (!destination || !name.trim()) return;
    const key = apiKey.trim();
    const fields = { name: name.trim(), kind, baseUrl: baseUrl.trim(), ...(key ? { apiKey: key } : {}) };
    connect.mutate(provider ? { id: provider.id, enabled: provider.enabled, ...fields } : fields, { onSuccess: onConnected });
  };

  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); save(); }}>
      <TextField label={t("name")} value={name} onChange={(e) => setName(e.target.value)} maxLength={60} dir="auto" required error={nameError} />
      <SelectField label={t("kind")} hint={t("kind.hint")} value={kind} onChange={(e) => setKind(e.target.value)} error={fault?.field("kind")}>{providerKinds.map((k) => <option key={k} value={k}>{t(`kind.${k}`)}</option>)}</SelectField>
      <TextField label={t("url")} hint={t(kind === "openai" ? "url.hint" : "url.hint.plain")} value={baseUrl} onChange={(e) => setBaseUrl(e.target.value)} type="url" inputMode="url" dir="ltr" className="font-mono text-sm rtl:text-end" spellCheck={false} autoCapitalize="off" required error={urlError} />
      <TextField
        label={t("key")} value={apiKey} onChange={(e) => setApiKey(e.target.value)} type="password" autoComplete="off" dir="ltr" className="font-mono rtl:text-end" error={fault?.field("apiKey")}
        hint={
          <>
            {provider?.keyHint ? t("key.keep", { hint: provider.keyHint }) : wantsKey ? t("key.hint") : t("key.optional")}
            {preset?.keyUrl && <> <a href={preset.keyUrl} target="_blank" rel="noopener noreferrer" className="inline-flex items-center gap-1 font-medium text-accent-ink underline underline-offset-2">{t("key.get")}<ExternalLink className="size-3.5 rtl:-scale-x-100" aria-hidden="true" /></a></>}
          </>
        }
      />
      {destination && <Note tone={destination.kind === "away" ? "warn" : "plain"} icon={destination.kind === "away" ? ArrowRight : destination.kind === "local" ? ShieldCheck : Server}>{t(`goes.${destination.kind}`, { host: destination.host })}</Note>}
      {fault && !urlError && !nameError && !fault.field("kind") && !fault.field("apiKey") && <ErrorNote error={fault} />}
      <div className="flex flex-wrap justify-end gap-2">
        {onBack && <Button look="plain" onClick={onBack}>{common("action.back")}</Button>}
        <Button type="submit" look="primary" busy={connect.isPending}>{t(provider ? "save.check" : "save.connect")}</Button>
      </div>
    </form>
  );
}
