import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { teamQuery } from "@/features/accounts/teams/queries";
import { TeamPage } from "@/features/accounts/teams/team-page";
import { text } from "@/features/accounts/teams/text";

export const Route = createFileRoute("/_app/settings/teams_/$teamId")({
  loader: ({ context: { queryClient }, params: { teamId } }) => {
    queryClient.query(teamQuery(teamId)).catch(() => undefined);
    return text.load();
  },
  component: TeamRoute,
});

function TeamRoute() {
  const { teamId } = Route.useParams();
  const { session } = Route.useRouteContext();
  const navigate = useNavigate();
  return <TeamPage key={teamId} id={teamId} userId={session.user.id} onGone={() => void navigate({ to: "/settings/teams", replace: true })} />;
}
