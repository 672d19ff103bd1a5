import { createFileRoute, redirect } from "@tanstack/react-router";
import { PeoplePage } from "@/features/accounts/people/people-page";
import { peopleQuery } from "@/features/accounts/people/queries";
import { text } from "@/features/accounts/people/text";
import { text as usageText } from "@/features/accounts/usage/text";

export const Route = createFileRoute("/_app/settings/people")({
  beforeLoad: ({ context: { session } }) => {
    if (!session.permissions.includes("users.manage")) throw redirect({ to: "/settings", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.infiniteQuery(peopleQuery({ search: "", role: "" })).catch(() => undefined);
    return Promise.all([text.load(), usageText.load()]);
  },
  component: People,
});

function People() {
  const { session } = Route.useRouteContext();
  return <PeoplePage permissions={session.permissions} role={session.user.role} />;
}
