import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PersonDetail } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { formatAgo } from "@/shared/i18n/time";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { SelectField, TextField } from "@/shared/ui/field";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { deviceOf } from "../device";
import { PersonUsageGauges } from "../usage/person-usage";
import { enterAs } from "./acting";
import { impersonate, peopleKeys, personQuery, restore, roles, setRole, signPersonOut, suspend, type Role } from "./queries";
import { useT } from "./text";

interface PersonDialogProps {
  id: string;
  byOwner: boolean;
  mayImpersonate: boolean;
  onClose: () => void;
}

/** One person: who they are, where they are signed in, and what may be done about it. */
export function PersonDialog({ id, byOwner, mayImpersonate, onClose }: PersonDialogProps) {
  const t = useT();
  const person = useQuery(personQuery(id));
  return (
    <Dialog open onClose={onClose} title={person.data?.user.displayName ?? t("person")}>
      {person.data ? <Person detail={person.data} byOwner={byOwner} mayImpersonate={mayImpersonate} />
        : person.error ? <ErrorNote error={person.error} retry={() => void person.refetch()} /> : <Skeleton rows={4} />}
    </Dialog>
  );
}

function Person({ detail: { user, sessions, mayManage }, byOwner, mayImpersonate }: { detail: PersonDetail; byOwner: boolean; mayImpersonate: boolean }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const queryClient = useQueryClient();
  const done = { onSettled: () => queryClient.invalidateQueries({ queryKey: peopleKeys.all }) };
  const change = useMutation({ mutationFn: (role: string) => setRole(user.id, role), ...done });
  const bar = useMutation({ mutationFn: () => (user.suspendedAt ? restore(user.id) : suspend(user.id)), ...done });
  const out = useMutation({ mutationFn: () => signPersonOut(user.id), ...done });
  const offered = roles.filter((role) => role === user.role || (role !== "owner" && (role !== "admin" || byOwner)));
  const error = change.error ?? bar.error ?? out.error;
  return (
    <div className="flex flex-col gap-5">
      <p className="text-ink-2">
        <span dir="ltr" className="break-all">{user.email}</span>
        <span className="block text-sm">{t("since", { date: formatDate(user.createdAt, locale, { dateStyle: "medium" }) })}</span>
      </p>
      {user.suspendedAt && <Note tone="bad">{t("suspended.since", { date: formatDate(user.suspendedAt, locale) })}</Note>}
      {user.deletionAt && <Note tone="warn">{t("deletion", { date: formatDate(user.deletionAt, locale) })}</Note>}
      {mayManage ? (
        <>
          <SelectField label={t("role")} value={change.isPending ? change.variables : user.role} disabled={change.isPending} onChange={(e) => change.mutate(e.target.value)}>
            {offered.map((role) => <option key={role} value={role}>{t(`role.${role}`)}</option>)}
          </SelectField>
          <div className="flex flex-wrap gap-2">
            <Button look={user.suspendedAt ? "quiet" : "danger"} busy={bar.isPending} onClick={() => bar.mutate()}>{t(user.suspendedAt ? "restore" : "suspend")}</Button>
            <Button busy={out.isPending} disabled={sessions.length === 0} onClick={() => out.mutate()}>{t("signOut")}</Button>
          </div>
          {!user.suspendedAt && <p className="text-sm text-ink-2">{t("suspend.text")}</p>}
        </>
      ) : <Note tone="plain">{t("protected", { role: t(`role.${user.role as Role}`) })}</Note>}
      {error && <ErrorNote error={error} />}
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{t("usage")}</h3>
        <PersonUsageGauges id={user.id} />
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="font-medium">{t("sessions")}</h3>
        {sessions.length === 0 ? <p className="text-ink-2">{t("sessions.none")}</p> : (
          <ul>
            {sessions.map((session) => {
              const device = deviceOf(session.userAgent);
              return (
                <li key={session.id} className="border-b border-line py-2 text-sm last:border-0">
                  <span className="font-medium">{device ? t("device", device) : t("device.unknown")}</span>
                  {session.impersonated && <span className="text-warn-ink"> · {t("sessions.acting")}</span>}
                  <span className="block text-ink-2">{formatAgo(session.lastSeenAt, common)}{session.address && <> · <span dir="ltr">{session.address}</span></>}</span>
                </li>
              );
            })}
          </ul>
        )}
      </section>
      {mayImpersonate && mayManage && user.role !== "admin" && !user.suspendedAt && <ActAs id={user.id} name={user.displayName} />}
    </div>
  );
}

function ActAs({ id, name }: { id: string; name: string }) {
  const t = useT();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const tooShort = reason.trim().length < 5;
  const enter = useMutation({ mutationFn: async () => enterAs(await impersonate(id, reason.trim())) });
  return (
    <form
      noValidate className="flex flex-col gap-3 border-t border-line pt-4"
      onSubmit={(e) => {
        e.preventDefault();
        setTried(true);
        if (!tooShort) enter.mutate();
      }}
    >
      <h3 className="font-medium">{t("act")}</h3>
      <p className="text-sm text-ink-2">{t("act.text", { name })}</p>
      <TextField label={t("act.reason")} dir="auto" maxLength={500} required value={reason} onChange={(e) => setReason(e.target.value)} error={tried && tooShort ? t("act.reason.needed") : undefined} />
      {enter.error && <ErrorNote error={enter.error} />}
      <Button type="submit" className="self-start" busy={enter.isPending}>{t("act.start", { name })}</Button>
    </form>
  );
}
