import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { TeamDetail } from "@/shared/api/types";
import { Card, PageTitle } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { Analytics } from "./analytics";
import { Invitations } from "./invitations";
import { Members } from "./members";
import { NameForm } from "./name-form";
import { Ownership } from "./ownership";
import { renameTeam, teamKeys, teamQuery } from "./queries";
import { useT } from "./text";
import { Workspaces } from "./workspaces";

/** One team: who is in it, what they share, and what may be done about it. */
export function TeamPage({ id, userId, onGone }: { id: string; userId: string; onGone: () => void }) {
  const t = useT();
  const team = useQuery(teamQuery(id));
  return (
    <div className="flex flex-col gap-5">
      {team.data ? <Detail detail={team.data} userId={userId} onGone={onGone} />
        : <><PageTitle title={t("teams")} /><Card>{team.error ? <ErrorNote error={team.error} retry={() => void team.refetch()} /> : <Skeleton rows={6} />}</Card></>}
    </div>
  );
}

function Detail({ detail, userId, onGone }: { detail: TeamDetail; userId: string; onGone: () => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const { team } = detail;
  const renew = () => queryClient.invalidateQueries({ queryKey: teamKeys.all });
  const leads = team.role !== "member";
  return (
    <>
      <PageTitle title={team.name} className="[overflow-wrap:anywhere]"><bdi>{team.name}</bdi> <Pill tone={leads ? "jean" : "plain"} className="align-middle">{t(`role.${team.role}`)}</Pill></PageTitle>
      <Members detail={detail} userId={userId} onChanged={renew} />
      {leads && <Invitations detail={detail} onChanged={renew} />}
      <Workspaces detail={detail} onChanged={renew} />
      {leads && <Analytics id={team.id} />}
      {leads && <Card title={t("rename")}><NameForm key={team.name} label={t("teams.name")} submit={t("rename.do")} name={team.name} save={(name) => renameTeam(team.id, name)} onSaved={renew} /></Card>}
      <Ownership
        detail={detail} userId={userId} onChanged={renew}
        onGone={() => {
          // Asking for a team one is no longer in would only answer that it is not there.
          queryClient.removeQueries({ queryKey: teamKeys.one(team.id) });
          void queryClient.invalidateQueries({ queryKey: teamKeys.all });
          onGone();
        }}
      />
    </>
  );
}
