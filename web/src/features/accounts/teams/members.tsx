import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { TeamDetail, TeamMember, TeamRole } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { inputClass } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { ErrorNote } from "@/shared/ui/states";
import { withUndo } from "@/shared/ui/undo";
import { removeMember, setMemberRole } from "./queries";
import { useT } from "./text";

const rank: Record<TeamRole, number> = { member: 0, admin: 1, owner: 2 };

/** Who is in the team. The owner makes admins; whoever stands above somebody may take them out. */
export function Members({ detail: { team, members }, userId, onChanged }: { detail: TeamDetail; userId: string; onChanged: () => unknown }) {
  const t = useT();
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const hide = (id: string) => setHidden((ids) => [...ids, id]);
  const show = (id: string) => setHidden((ids) => ids.filter((one) => one !== id));
  const remove = (member: TeamMember) => withUndo({
    text: t("removed", { name: member.displayName }),
    hide: () => hide(member.id),
    show: () => show(member.id),
    run: async () => {
      await removeMember(team.id, member.id);
      await onChanged();
      show(member.id);
    },
  });
  return (
    <Card title={t("members")}>
      <ul className="-my-3">
        {members.filter((member) => !hidden.includes(member.id)).map((member) => (
          <MemberRow key={member.id} team={team.id} member={member} isSelf={member.id === userId} mayChange={team.role === "owner" && member.role !== "owner"} onChanged={onChanged} onRemove={rank[member.role] < rank[team.role] && team.role !== "member" ? () => remove(member) : null} />
        ))}
      </ul>
    </Card>
  );
}

function MemberRow({ team, member, isSelf, mayChange, onChanged, onRemove }: { team: string; member: TeamMember; isSelf: boolean; mayChange: boolean; onChanged: () => unknown; onRemove: (() => void) | null }) {
  const t = useT();
  const locale = useLocale();
  const change = useMutation({ mutationFn: (role: TeamRole) => setMemberRole(team, member.id, role), onSettled: onChanged });
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <p className="font-medium"><bdi>{member.displayName}</bdi>{isSelf && <span className="font-normal text-ink-2"> ({t("member.you")})</span>}</p>
          <p className="text-sm text-ink-2">{member.email && <bdi dir="ltr" className="block break-all rtl:text-end">{member.email}</bdi>}{t("member.joined", { date: formatDate(member.joinedAt, locale, { dateStyle: "medium" }) })}</p>
        </div>
        {mayChange ? (
          <select aria-label={t("member.role", { name: member.displayName })} className={`${inputClass} max-w-44`} value={change.isPending ? change.variables : member.role} disabled={change.isPending} onChange={(e) => change.mutate(e.target.value as TeamRole)}>
            {(["admin", "member"] as const).map((role) => <option key={role} value={role}>{t(`role.${role}`)}</option>)}
          </select>
        ) : <Pill tone={member.role === "member" ? "plain" : "jean"}>{t(`role.${member.role}`)}</Pill>}
        {onRemove && <Button look="plain" aria-label={t("member.remove.name", { name: member.displayName })} onClick={onRemove}>{t("member.remove")}</Button>}
      </div>
      {change.error && <ErrorNote error={change.error} className="mt-2" />}
    </li>
  );
}
