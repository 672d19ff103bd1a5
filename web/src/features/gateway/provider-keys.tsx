import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Trash2 } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { Provider } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { Disclosure } from "@/shared/ui/disclosure";
import { TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { addProviderKey, gatewayKeys, removeProviderKey } from "./queries";
import { useT } from "./text";

/** Further keys of a provider, with which its calls take turns. */
export function ProviderKeys({ provider }: { provider: Provider }) {
  const t = useT();
  const locale = useLocale();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState("");
  const renew = () => queryClient.invalidateQueries({ queryKey: gatewayKeys.providers });
  const add = useMutation({ mutationFn: () => addProviderKey(provider.id, typed.trim()), onSuccess: () => setTyped(""), onSettled: renew });
  const remove = useMutation({ mutationFn: (keyId: string) => removeProviderKey(provider.id, keyId), onSettled: renew });
  const keyError = isApiError(add.error) ? add.error.field("apiKey") : undefined;
  const failed = (keyError ? null : add.error) ?? remove.error;
  return (
    <Disclosure label={provider.keys.length > 0 ? t("keys.further", { count: provider.keys.length }) : t("keys.add")} className="ps-6.5 text-sm">
      <div className="mt-1 flex flex-col gap-3 border-s-2 border-line ps-4">
        {provider.keys.length > 0 && (
          <ul className="flex flex-col">
            {provider.keys.map((key) => (
              <li key={key.id} className="flex flex-wrap items-center gap-x-3">
                <KeyRound className="size-4 text-ink-3" aria-hidden="true" />
                <span dir="ltr" className="font-mono">{key.hint}</span>
                <span className={key.restsUntil ? "text-warn-ink" : "text-ink-2"}>{key.restsUntil ? t("keys.rests", { time: formatDate(key.restsUntil, locale, { timeStyle: "short" }) }) : t("keys.used")}</span>
                <IconButton className="ms-auto" label={t("keys.remove", { hint: key.hint })} disabled={remove.isPending} onClick={() => remove.mutate(key.id)}><Trash2 className="size-4" aria-hidden="true" /></IconButton>
              </li>
            ))}
          </ul>
        )}
        <form noValidate className="flex flex-wrap items-start gap-2" onSubmit={(e) => { e.preventDefault(); if (typed.trim()) add.mutate(); }}>
          <div className="min-w-0 flex-1 basis-64"><TextField label={t("keys.add")} hint={t("keys.add.hint")} value={typed} onChange={(e) => setTyped(e.target.value)} type="password" autoComplete="off" dir="ltr" className="font-mono rtl:text-end" error={keyError} /></div>
          <Button type="submit" className="mt-6.5" disabled={!typed.trim()} busy={add.isPending}>{t("keys.store")}</Button>
        </form>
        {failed && <ErrorNote error={failed} />}
      </div>
    </Disclosure>
  );
}
