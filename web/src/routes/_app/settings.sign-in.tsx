import { createFileRoute, redirect } from "@tanstack/react-router";
import { IdentityProvidersPage } from "@/features/accounts/ways/providers-page";
import { identityProvidersQuery } from "@/features/accounts/ways/queries";
import { text } from "@/features/accounts/ways/text";

export const Route = createFileRoute("/_app/settings/sign-in")({
  beforeLoad: ({ context: { session } }) => {
    if (!session.permissions.includes("server.manage")) throw redirect({ to: "/settings", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.query(identityProvidersQuery).catch(() => undefined);
    return text.load();
  },
  component: IdentityProvidersPage,
});
