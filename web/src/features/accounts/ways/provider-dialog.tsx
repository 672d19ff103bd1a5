import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { IdentityProvider } from "@/shared/api/types";
import { withProof } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Choice, TextField } from "@/shared/ui/field";
import { createIdentityProvider, externalQuery, identityProvidersQuery, linksQuery, updateIdentityProvider } from "./queries";
import { useT } from "./text";
import { WhyNot } from "./why-not";

type Kind = "google" | "github" | "oidc";

/** A new identity provider, or what may change of one. */
export function ProviderDialog({ provider, onClose }: { provider: IdentityProvider | null; onClose: () => void }) {
  const t = useT();
  return <Dialog open onClose={onClose} title={provider ? t("providers.edit.name", { name: provider.name }) : t("providers.add")}><ProviderForm provider={provider} onDone={onClose} /></Dialog>;
}

function ProviderForm({ provider, onDone }: { provider: IdentityProvider | null; onDone: () => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [kind, setKind] = useState<Kind>((provider?.kind as Kind | undefined) ?? "google");
  const [name, setName] = useState(provider?.name ?? "");
  const [issuer, setIssuer] = useState("");
  const [clientId, setClientId] = useState(provider?.clientId ?? "");
  const [secret, setSecret] = useState("");
  const plainName = t(`kind.${kind}`);
  const save = useMutation({
    mutationFn: () => {
      const common = { name: name.trim() || plainName, clientId: clientId.trim(), clientSecret: secret.trim() || null };
      return withProof(() => provider ? updateIdentityProvider(provider.id, { ...common, enabled: provider.enabled }) : createIdentityProvider({ ...common, kind, issuer: kind === "google" ? null : issuer.trim() || null }));
    },
    onSuccess: async () => {
      await Promise.all([identityProvidersQuery, externalQuery, linksQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })));
      onDone();
    },
  });
  const issuerError = isApiError(save.error) ? save.error.field("issuer") : undefined;
  const machine = "font-mono text-sm rtl:text-end";
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
      {!provider && <Choice<Kind> label={t("kind")} value={kind} onChange={setKind} options={[{ value: "google", label: t("kind.google") }, { value: "github", label: t("kind.github") }, { value: "oidc", label: t("kind.oidc") }]} />}
      <TextField label={t("providers.name")} hint={t("providers.name.hint")} dir="auto" maxLength={40} required={kind === "oidc"} placeholder={kind === "oidc" ? undefined : plainName} value={name} onChange={(e) => setName(e.target.value)} />
      {!provider && kind === "oidc" && <TextField label={t("providers.issuer")} hint={t("providers.issuer.hint")} error={issuerError} type="url" inputMode="url" dir="ltr" className={machine} spellCheck={false} autoCapitalize="off" required value={issuer} onChange={(e) => setIssuer(e.target.value)} />}
      {!provider && kind === "github" && <TextField label={t("providers.site")} hint={t("providers.site.hint")} error={issuerError} type="url" inputMode="url" dir="ltr" className={machine} spellCheck={false} autoCapitalize="off" value={issuer} onChange={(e) => setIssuer(e.target.value)} />}
      <TextField label={t("providers.clientId")} dir="ltr" className={machine} spellCheck={false} autoCapitalize="off" autoComplete="off" required maxLength={300} value={clientId} onChange={(e) => setClientId(e.target.value)} />
      <TextField label={t("providers.secret")} hint={provider?.hasSecret ? t("providers.secret.keep") : t("providers.secret.hint")} type="password" dir="ltr" className={machine} autoComplete="off" maxLength={1000} required={!provider && kind !== "oidc"} value={secret} onChange={(e) => setSecret(e.target.value)} />
      {!issuerError && <WhyNot error={save.error} />}
      <Button type="submit" look="primary" className="self-start max-sm:w-full" busy={save.isPending}>{t(provider ? "save" : "providers.add")}</Button>
    </form>
  );
}
