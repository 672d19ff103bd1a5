import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CloudCheck, KeyRound, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Passkey } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { formatAgo } from "@/shared/i18n/time";
import { withProof } from "@/shared/session/proof";
import { Button, IconButton } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { TextField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { deviceOf } from "../device";
import { addPasskey, beginPasskey, passkeysQuery, removePasskey, renamePasskey } from "./queries";
import { useT } from "./text";
import { createPasskey, hasPasskeys, isKnownHere, passkeyPlace } from "./webauthn";
import { WhyNot } from "./why-not";

/** The passkeys of one's own account. */
export function PasskeysCard() {
  const t = useT();
  const queryClient = useQueryClient();
  const passkeys = useQuery(passkeysQuery);
  const renew = () => queryClient.invalidateQueries({ queryKey: ["accounts"], predicate: ({ queryKey }) => queryKey[1] === "passkeys" || queryKey[1] === "step-up" });
  const device = deviceOf(navigator.userAgent);
  const add = useMutation({
    mutationFn: async () => {
      const challenge = await withProof(beginPasskey);
      const made = await createPasskey(challenge, device ? t("passkeys.device", device) : t("passkeys.name.plain"));
      return withProof(() => addPasskey(made));
    },
    onSuccess: renew,
  });
  const items = passkeys.data?.items;
  return (
    <Card title={t("passkeys")} text={t("passkeys.text")}>
      {items ? (
        <>
          {items.length > 0 && <ul className="-mt-2 mb-4">{items.map((passkey) => <PasskeyRow key={passkey.id} passkey={passkey} onChanged={renew} />)}</ul>}
          {hasPasskeys() ? <Button className="max-sm:w-full" busy={add.isPending} onClick={() => add.mutate()}><KeyRound className="size-4" aria-hidden="true" />{t("passkeys.add")}</Button> : <NotHere />}
          {isKnownHere(add.error) ? <Note tone="plain" className="mt-3">{t("passkeys.known")}</Note> : <WhyNot error={add.error} className="mt-3" />}
        </>
      ) : passkeys.error ? <ErrorNote error={passkeys.error} retry={() => void passkeys.refetch()} /> : <Skeleton rows={2} />}
    </Card>
  );
}

function NotHere() {
  const t = useT();
  const place = passkeyPlace();
  return <Note tone="plain">{t(place ? "passkeys.elsewhere" : "passkeys.none")}{place && <> <a href={`${place}/settings/account`} dir="ltr" className="font-medium text-accent-ink underline underline-offset-2">{place}</a></>}</Note>;
}

function PasskeyRow({ passkey, onChanged }: { passkey: Passkey; onChanged: () => unknown }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const [mode, setMode] = useState<"shown" | "naming" | "leaving">("shown");
  const [name, setName] = useState(passkey.name);
  const rename = useMutation({ mutationFn: () => renamePasskey(passkey.id, name.trim()), onSuccess: () => { setMode("shown"); return onChanged(); } });
  const remove = useMutation({ mutationFn: () => withProof(() => removePasskey(passkey.id)), onSuccess: onChanged });
  return (
    <li className="border-b border-line py-3">
      {mode === "naming" ? (
        <form className="flex flex-wrap items-end gap-2" onSubmit={(e) => { e.preventDefault(); if (name.trim()) rename.mutate(); }}>
          <div className="min-w-48 flex-1"><TextField label={t("passkeys.name")} dir="auto" maxLength={60} required autoFocus value={name} onChange={(e) => setName(e.target.value)} /></div>
          <Button type="submit" busy={rename.isPending}>{t("save")}</Button>
          <Button look="plain" onClick={() => { setMode("shown"); setName(passkey.name); }}>{common("action.cancel")}</Button>
        </form>
      ) : (
        <div className="flex items-center gap-x-3">
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium"><bdi className="break-words">{passkey.name}</bdi>{passkey.backedUp && <Pill><CloudCheck className="size-4" aria-hidden="true" />{t("passkeys.synced")}</Pill>}</p>
            <p className="text-sm text-ink-2">
              {t("passkeys.since", { date: formatDate(passkey.createdAt, locale, { dateStyle: "medium" }) })} · {passkey.lastUsedAt ? t("used", { ago: formatAgo(passkey.lastUsedAt, common) }) : t("used.never")}
            </p>
          </div>
          <IconButton label={t("passkeys.rename", { name: passkey.name })} onClick={() => setMode("naming")}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
          <IconButton label={t("passkeys.remove", { name: passkey.name })} onClick={() => setMode("leaving")}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
        </div>
      )}
      {mode === "leaving" && (
        <ConfirmNote className="mt-3" text={t("passkeys.remove.text")} label={t("remove")} busy={remove.isPending} onConfirm={() => remove.mutate()} onCancel={() => setMode("shown")} />
      )}
      <WhyNot error={rename.error ?? remove.error} className="mt-3" />
    </li>
  );
}
