import { createFileRoute } from "@tanstack/react-router";
import { teamsQuery } from "@/features/accounts/teams/queries";
import { TeamsPage } from "@/features/accounts/teams/teams-page";
import { text } from "@/features/accounts/teams/text";

export const Route = createFileRoute("/_app/settings/teams")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(teamsQuery).catch(() => undefined);
    return text.load();
  },
  component: TeamsPage,
});
