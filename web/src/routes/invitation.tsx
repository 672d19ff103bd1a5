import { useQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { settingsQuery } from "@/features/accounts/by-letter/queries";
import { AcceptInvitation } from "@/features/accounts/teams/accept-invitation";
import { text, useT } from "@/features/accounts/teams/text";
import { sessionQuery } from "@/shared/session/session";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/invitation")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(settingsQuery).catch(() => undefined);
    return Promise.all([text.load(), loadLetterDoor(queryClient)]);
  },
  component: InvitationRoute,
});

function InvitationRoute() {
  const t = useT();
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  return (
    <LetterDoor title={t("accept.title")} text={t("accept.text")}>
      <AcceptInvitation
        user={session.data?.user ?? null}
        onJoined={(team) => void (team ? navigate({ to: "/settings/teams/$teamId", params: { teamId: team }, replace: true }) : navigate({ to: "/settings/teams", replace: true }))}
      />
    </LetterDoor>
  );
}
