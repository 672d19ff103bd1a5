import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { History as HistoryIcon, LogOut, Trash2, UserMinus, UserPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ConversationInvitation, ConversationPeople, ConversationPerson, ConversationSummary, GuestRole } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button, IconButton } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { Dialog } from "@/shared/ui/dialog";
import { Choice } from "@/shared/ui/field";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { Avatar } from "./avatar";
import { byPerson, usePresence, type Doing } from "./presence";
import { endInvitation, invitationsQuery, invite, letOut, peopleQuery, setRole } from "./queries";
import { useT } from "./text";

const History = lazy(() => import("./history"));
const roles = ["view", "edit", "admin"] as const;

/** Who is in the conversation, how others come in, and what was changed. */
export default function PeopleDialog({ conversation, onClose }: { conversation: ConversationSummary; onClose: () => void }) {
  const t = useT();
  const [history, setHistory] = useState(false);
  const manages = conversation.role === "owner" || conversation.role === "admin";
  return (
    <Dialog open onClose={onClose} title={t("title")}>
      <div className="flex flex-col gap-6">
        <People conversation={conversation} manages={manages} onClose={onClose} />
        {manages && <Invite conversationId={conversation.id} />}
        {manages && <Invitations conversationId={conversation.id} />}
        <section className="flex flex-col items-start gap-3">
          <Button look="plain" aria-expanded={history} onClick={() => setHistory(!history)}><HistoryIcon className="size-4.5" aria-hidden="true" />{t("history")}</Button>
          {history && <Suspense fallback={<Skeleton rows={3} />}><History conversationId={conversation.id} /></Suspense>}
        </section>
      </div>
    </Dialog>
  );
}

function People({ conversation: { id, role }, manages, onClose }: { conversation: ConversationSummary; manages: boolean; onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const query = useQuery(peopleQuery(id));
  const doing = byPerson(usePresence((s) => s.windows));
  const away = useMutation({ mutationFn: (you: string) => letOut(id, you), onSuccess: () => { onClose(); void navigate({ to: "/chat" }); } });
  const people = query.data;
  if (!people) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={2} />;
  return (
    <section aria-label={t("people")}>
      <ul className="overflow-hidden rounded-md border border-line">
        {people.items.map((person) => <PersonRow key={person.userId} conversationId={id} person={person} people={people} manages={manages} doing={doing.get(person.userId) ?? null} />)}
      </ul>
      {role !== "owner" && !people.items.some((person) => person.userId === people.you && person.byTeam) && <Button look="plain" busy={away.isPending} onClick={() => away.mutate(people.you)} className="mt-3"><LogOut className="size-4.5 rtl:-scale-x-100" aria-hidden="true" />{t("leave")}</Button>}
      {away.error && <ErrorNote error={away.error} />}
    </section>
  );
}

function PersonRow({ conversationId, person, people, manages, doing }: { conversationId: string; person: ConversationPerson; people: ConversationPeople; manages: boolean; doing: Doing | null }) {
  const t = useT();
  const change = useMutation({ mutationFn: (role: GuestRole) => setRole(conversationId, person.userId, role) });
  const out = useMutation({ mutationFn: () => letOut(conversationId, person.userId) });
  const you = person.userId === people.you;
  const changeable = manages && !you && !person.byTeam && person.role !== "owner";
  const error = change.error ?? out.error;
  return (
    <li className="border-b border-line px-3 py-2 last:border-0">
      <div className="flex items-center gap-3">
        <Avatar name={person.name} doing={you ? "here" : doing} />
        <p className="min-w-0 flex-1 truncate"><bdi>{person.name}</bdi>{you && <span className="text-ink-2"> ({t("you")})</span>}{person.byTeam && <span className="block truncate text-sm text-ink-2">{t("by.team")}</span>}</p>
        {changeable
          ? (
            <>
              <select
                aria-label={t("role.of", { name: person.name })} value={change.variables && change.isPending ? change.variables : person.role} disabled={change.isPending}
                onChange={(e) => change.mutate(e.target.value as GuestRole)} className="min-h-row rounded-md border border-line-strong bg-surface-1 px-2"
              >
                {roles.map((role) => <option key={role} value={role}>{t(`role.${role}`)}</option>)}
              </select>
              <IconButton label={t("remove", { name: person.name })} disabled={out.isPending} onClick={() => out.mutate()}><UserMinus className="size-4.5" aria-hidden="true" /></IconButton>
            </>
          )
          : <span className="text-ink-2">{t(`role.${person.role}`)}</span>}
      </div>
      {error && <ErrorNote error={error} className="mt-2" />}
    </li>
  );
}

function Invite({ conversationId }: { conversationId: string }) {
  const t = useT();
  const [role, setRoleWanted] = useState<GuestRole>("edit");
  const make = useMutation({ mutationFn: () => invite(conversationId, role) });
  if (make.data) {
    const address = `${location.origin}${make.data.path}`;
    return (
      <section aria-label={t("invited")} className="flex flex-col gap-3">
        <Note tone="jean" icon={UserPlus}><span role="status">{t("invited.text")}</span></Note>
        <code dir="ltr" data-secret className="rounded-md bg-surface-2 px-3 py-2.5 font-mono text-sm break-all select-all">{address}</code>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={() => make.reset()}>{t("another")}</Button>
          <CopyButton text={address} look="primary" label={t("copy")} />
        </div>
      </section>
    );
  }
  return (
    <form aria-label={t("invite")} className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); make.mutate(); }}>
      <p className="text-ink-2">{t("invite.text")}</p>
      <Choice label={t("may")} value={role} onChange={setRoleWanted} options={roles.map((value) => ({ value, label: t(`role.${value}`) }))} />
      <p className="text-sm text-ink-2">{t(`role.${role}.text`)}</p>
      {make.error && <ErrorNote error={make.error} />}
      <Button type="submit" look="primary" busy={make.isPending} className="self-end"><UserPlus className="size-4.5" aria-hidden="true" />{t("invite")}</Button>
    </form>
  );
}

function Invitations({ conversationId }: { conversationId: string }) {
  const t = useT();
  const { data } = useQuery(invitationsQuery(conversationId));
  if (!data || data.length === 0) return null;
  return (
    <section aria-labelledby="open-invitations">
      <h3 id="open-invitations" className="mb-2 font-medium">{t("invitations")}</h3>
      <ul className="overflow-hidden rounded-md border border-line">{data.map((invitation) => <InvitationRow key={invitation.id} conversationId={conversationId} invitation={invitation} />)}</ul>
    </section>
  );
}

function InvitationRow({ conversationId, invitation: { id, role, createdAt, expiresAt } }: { conversationId: string; invitation: ConversationInvitation }) {
  const t = useT();
  const locale = useLocale();
  const end = useMutation({ mutationFn: () => endInvitation(conversationId, id) });
  return (
    <li className="flex items-center gap-2 border-b border-line py-1.5 ps-3 pe-1 last:border-0">
      <div className="min-w-0 flex-1">
        <p>{t(`role.${role}`)}</p>
        <p className="text-sm text-ink-2">{t("until", { date: formatDate(expiresAt, locale) })}</p>
        {end.error && <ErrorNote error={end.error} />}
      </div>
      <IconButton label={t("revoke", { date: formatDate(createdAt, locale) })} disabled={end.isPending} onClick={() => end.mutate()}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
    </li>
  );
}
