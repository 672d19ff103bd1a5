import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DoorOpen, Plus } from "lucide-react";
import { useState } from "react";
import type { IdentityProvider } from "@/shared/api/types";
import { withProof } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { CopyButton } from "@/shared/ui/copy-button";
import { Switch } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { ProviderDialog } from "./provider-dialog";
import { deleteIdentityProvider, identityProvidersQuery, updateIdentityProvider } from "./queries";
import { useT } from "./text";
import { WhyNot } from "./why-not";

/** The owner's view of where else people sign in. */
export function IdentityProvidersPage() {
  const t = useT();
  const providers = useQuery(identityProvidersQuery);
  const [editing, setEditing] = useState<IdentityProvider | "new" | null>(null);
  const items = providers.data?.items;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageTitle title={t("providers")} />
        {items && items.length > 0 && <Button look="primary" onClick={() => setEditing("new")}><Plus className="size-4.5" aria-hidden="true" />{t("providers.add")}</Button>}
      </div>
      <p className="text-ink-2">{t("providers.text")}</p>
      {items?.length === 0 && <Card><EmptyState icon={DoorOpen} title={t("providers.none")} text={t("providers.none.text")}><Button look="primary" onClick={() => setEditing("new")}>{t("providers.add")}</Button></EmptyState></Card>}
      {items?.map((provider) => <ProviderCard key={provider.id} provider={provider} onEdit={() => setEditing(provider)} />)}
      {!items && <Card>{providers.error ? <ErrorNote error={providers.error} retry={() => void providers.refetch()} /> : <Skeleton rows={3} />}</Card>}
      {editing && <ProviderDialog provider={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

function ProviderCard({ provider, onEdit }: { provider: IdentityProvider; onEdit: () => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const renew = () => queryClient.invalidateQueries({ queryKey: ["accounts"], predicate: ({ queryKey }) => ["identity-providers", "external", "external-links"].includes(String(queryKey[1])) });
  const turn = useMutation({ mutationFn: (enabled: boolean) => withProof(() => updateIdentityProvider(provider.id, { name: provider.name, clientId: provider.clientId, enabled, clientSecret: null })), onSettled: renew });
  const remove = useMutation({ mutationFn: () => withProof(() => deleteIdentityProvider(provider.id)), onSuccess: renew });
  return (
    <Card title={provider.name} aside={<Pill>{t(`kind.${provider.kind as "oidc" | "google" | "github"}`)}</Pill>}>
      <p className="text-sm text-ink-2"><Code>{provider.issuer}</Code> · {t("providers.people", { count: provider.people })}</p>
      <p className="mt-4 text-sm font-medium">{t("providers.redirect")}</p>
      <p className="text-sm text-ink-2">{t("providers.redirect.text")}</p>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <code dir="ltr" className="min-w-0 flex-1 basis-64 rounded-md bg-surface-2 px-3 py-2.5 font-mono text-sm break-all select-all">{provider.redirectUri}</code>
        <CopyButton text={provider.redirectUri} />
      </div>
      <div className="mt-3"><Switch label={t("providers.on")} checked={turn.isPending ? turn.variables : provider.enabled} onChange={(on) => turn.mutate(on)} /></div>
      {leaving ? (
        <ConfirmNote className="mt-3" text={t("providers.remove.text")} label={t("remove")} busy={remove.isPending} onConfirm={() => remove.mutate()} onCancel={() => setLeaving(false)} />
      ) : (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button aria-label={t("providers.edit.name", { name: provider.name })} onClick={onEdit}>{t("providers.edit")}</Button>
          <Button look="danger" aria-label={t("providers.remove.name", { name: provider.name })} onClick={() => setLeaving(true)}>{t("remove")}</Button>
        </div>
      )}
      <WhyNot error={turn.error ?? remove.error} className="mt-3" />
    </Card>
  );
}
