import { createFileRoute } from "@tanstack/react-router";
import { AccountPage } from "@/features/accounts/account-page";
import { sessionsQuery } from "@/features/accounts/queries";
import { text } from "@/features/accounts/text";

export const Route = createFileRoute("/_app/settings/account")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(sessionsQuery).catch(() => undefined);
    return text.load();
  },
  component: AccountRoute,
});

function AccountRoute() {
  const { session } = Route.useRouteContext();
  return <AccountPage user={session.user} />;
}
