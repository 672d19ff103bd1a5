import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { TeamDetail, TeamInvitation } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { SelectField, TextField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Note } from "@/shared/ui/states";
import { invite, withdraw } from "./queries";
import { useT } from "./text";

/** Who was asked into the team and has not answered, and the way to ask somebody. */
export function Invitations({ detail: { team, invitations }, onChanged }: { detail: TeamDetail; onChanged: () => unknown }) {
  const t = useT();
  return (
    <Card title={t("invitations")} text={t("invitations.text")}>
      <div className="flex flex-col gap-5">
        {invitations.length === 0 ? <p className="text-ink-2">{t("invitations.none")}</p>
          : <ul className="-my-3">{invitations.map((one) => <InvitationRow key={one.id} team={team.id} invitation={one} onChanged={onChanged} />)}</ul>}
        <InviteForm team={team.id} byOwner={team.role === "owner"} onChanged={onChanged} />
      </div>
    </Card>
  );
}

function InvitationRow({ team, invitation, onChanged }: { team: string; invitation: TeamInvitation; onChanged: () => unknown }) {
  const t = useT();
  const locale = useLocale();
  const end = useMutation({ mutationFn: () => withdraw(team, invitation.id), onSettled: onChanged });
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-48">
          <p><bdi dir="ltr" className="break-all">{invitation.email}</bdi></p>
          <p className="text-sm text-ink-2">{t(`role.${invitation.role}`)} · {t("invite.until", { date: formatDate(invitation.expiresAt, locale) })}</p>
        </div>
        <Button look="plain" busy={end.isPending} aria-label={t("invite.withdraw.email", { email: invitation.email })} onClick={() => end.mutate()}>{t("invite.withdraw")}</Button>
      </div>
      {end.error && <ErrorNote error={end.error} className="mt-2" />}
    </li>
  );
}

function InviteForm({ team, byOwner, onChanged }: { team: string; byOwner: boolean; onChanged: () => unknown }) {
  const t = useT();
  const locale = useLocale();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<"admin" | "member">("member");
  const send = useMutation({
    mutationFn: () => invite(team, { email: email.trim(), role, locale }),
    onSuccess: () => { setEmail(""); return onChanged(); },
  });
  const error = isApiError(send.error) ? send.error.field("email") : undefined;
  return (
    <form noValidate aria-label={t("invite")} className="flex flex-col gap-3" onSubmit={(e) => { e.preventDefault(); if (email.trim()) send.mutate(); }}>
      <div className="grid items-start gap-3 sm:grid-cols-[1fr_11rem]">
        <TextField label={t("invite.email")} type="email" dir="ltr" className="rtl:text-end" maxLength={254} autoComplete="off" value={email} error={error} onChange={(e) => { setEmail(e.target.value); send.reset(); }} />
        <SelectField label={t("invite.role")} value={role} onChange={(e) => setRole(e.target.value as "admin" | "member")}>
          <option value="member">{t("role.member")}</option>
          {byOwner && <option value="admin">{t("role.admin")}</option>}
        </SelectField>
      </div>
      {send.error && !error && <ErrorNote error={send.error} />}
      {send.isSuccess && <div role="status"><Note tone="ok">{t("invite.sent")}</Note></div>}
      <Button type="submit" look="primary" className="self-start max-sm:w-full" busy={send.isPending} disabled={!email.trim()}>{t("invite.send")}</Button>
    </form>
  );
}
