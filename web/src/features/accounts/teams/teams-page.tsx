import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, UsersRound } from "lucide-react";
import { Card, PageTitle } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { NameForm } from "./name-form";
import { createTeam, teamKeys, teamsQuery } from "./queries";
import { useT } from "./text";

/** The teams one is in, and the way to a new one. */
export function TeamsPage() {
  const t = useT();
  const queryClient = useQueryClient();
  const teams = useQuery(teamsQuery);
  const items = teams.data?.items;
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("teams")} />
      <p className="-mt-3 text-ink-2">{t("teams.text")}</p>
      {!items ? <Card>{teams.error ? <ErrorNote error={teams.error} retry={() => void teams.refetch()} /> : <Skeleton rows={3} />}</Card>
        : items.length === 0 ? <Card><EmptyState icon={UsersRound} title={t("teams.none")} text={t("teams.none.text")} /></Card>
        : (
          <ul className="overflow-hidden rounded-lg border border-line bg-surface-1">
            {items.map((team) => (
              <li key={team.id} className="border-b border-line last:border-0">
                <Link to="/settings/teams/$teamId" params={{ teamId: team.id }} className="flex min-h-16 items-center gap-4 px-5 py-3 hover:bg-surface-2">
                  <span className="min-w-0 flex-1">
                    <span className="block font-medium [overflow-wrap:anywhere]"><bdi>{team.name}</bdi></span>
                    <span className="block text-sm text-ink-2">{t("members")}: {team.members} · {t("workspaces")}: {team.workspaces}</span>
                  </span>
                  <Pill tone={team.role === "member" ? "plain" : "jean"}>{t(`role.${team.role}`)}</Pill>
                  <ChevronRight className="size-4.5 shrink-0 text-ink-3 rtl:-scale-x-100" aria-hidden="true" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      <Card title={t("teams.new")}>
        <NameForm label={t("teams.name")} submit={t("teams.make")} primary save={createTeam} onSaved={() => queryClient.invalidateQueries({ queryKey: teamKeys.all })} />
      </Card>
    </div>
  );
}
