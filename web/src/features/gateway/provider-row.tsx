import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pause, Pencil, Play, RefreshCw, Trash2 } from "lucide-react";
import type { Provider } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { Button, IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { ErrorNote } from "@/shared/ui/states";
import { withUndo } from "@/shared/ui/undo";
import { CheckNote } from "./check-note";
import { destinationOf, type ProviderKind } from "./presets";
import { ProviderKeys } from "./provider-keys";
import { checkProvider, gatewayKeys, providersQuery, removeProvider, updateProvider } from "./queries";
import { useT } from "./text";

/** One provider: whether it works, where it is, and what can be done with it. */
export function ProviderRow({ provider, onEdit }: { provider: Provider; onEdit: () => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const renew = () => queryClient.invalidateQueries({ queryKey: gatewayKeys.all });
  const check = useMutation({ mutationFn: () => checkProvider(provider.id), onSettled: renew });
  const toggle = useMutation({ mutationFn: () => updateProvider(provider.id, { name: provider.name, baseUrl: provider.baseUrl, enabled: !provider.enabled }), onSettled: renew });
  const put = (change: (items: Provider[]) => Provider[]) => queryClient.setQueryData(providersQuery.queryKey, (items) => items && change(items));
  const remove = (): void => withUndo({
    text: t("removed", { name: provider.name }),
    hide: () => put((items) => items.filter((p) => p.id !== provider.id)),
    show: () => put((items) => (items.some((p) => p.id === provider.id) ? items : [...items, provider])),
    run: async () => {
      await removeProvider(provider.id);
      await renew();
    },
  });

  const { lastCheck } = provider;
  const destination = destinationOf(provider.baseUrl);
  const tone = !provider.enabled ? "bg-line-strong" : !lastCheck ? "bg-warn" : lastCheck.ok ? "bg-ok" : "bg-bad";
  const state = !provider.enabled ? t("enabled.off") : !lastCheck ? t("check.never") : lastCheck.ok ? t("discovered.models", { count: lastCheck.modelCount }) : t("check.bad");
  return (
    <li className="flex flex-col gap-3 border-b border-line py-4 last:border-0">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <span aria-hidden="true" className={cx("mt-2 size-2.5 shrink-0 rounded-full", tone)} />
        <div className="min-w-0 flex-1">
          <p className="font-medium"><bdi>{provider.name}</bdi>{provider.kind !== "openai" && <span className="ms-2 text-sm font-normal text-ink-2">{t(`kind.${provider.kind as ProviderKind}`)}</span>}</p>
          <p className="truncate font-mono text-sm text-ink-2 rtl:text-end" dir="ltr">{provider.baseUrl}</p>
          <p className="mt-0.5 text-sm text-ink-2">
            {state}
            {lastCheck && <> · {t("check.when", { ago: formatAgo(lastCheck.at, common) })}</>}
            {provider.keyHint && <> · <span className="whitespace-nowrap">{t("key")} <span dir="ltr" className="font-mono">{provider.keyHint}</span></span></>}
          </p>
          {destination && <p className="mt-0.5 text-sm text-ink-3">{t(`goes.${destination.kind}`, { host: destination.host })}</p>}
          {lastCheck?.ok === false && !check.data && lastCheck.detail && <p className="mt-1 text-sm text-bad-ink" dir="auto">{lastCheck.detail}</p>}
        </div>
        <div className="-my-1 flex items-center max-sm:w-full max-sm:justify-end">
          <Button look="plain" busy={check.isPending} onClick={() => check.mutate()}>{!check.isPending && <RefreshCw className="size-4" aria-hidden="true" />}{t("check")}</Button>
          <IconButton label={t(provider.enabled ? "pause" : "resume", { name: provider.name })} disabled={toggle.isPending} onClick={() => toggle.mutate()}>
            {provider.enabled ? <Pause className="size-4.5" aria-hidden="true" /> : <Play className="size-4.5" aria-hidden="true" />}
          </IconButton>
          <IconButton label={`${common("action.edit")}: ${provider.name}`} onClick={onEdit}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
          <IconButton label={t("remove", { name: provider.name })} onClick={remove}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
        </div>
      </div>
      {provider.keyHint && <ProviderKeys provider={provider} />}
      {check.data && <CheckNote result={check.data} />}
      {(check.error ?? toggle.error) && <ErrorNote error={check.error ?? toggle.error} />}
    </li>
  );
}
