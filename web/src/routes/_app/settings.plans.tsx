import { createFileRoute, redirect } from "@tanstack/react-router";
import { PlansPage } from "@/features/accounts/usage/plans-page";
import { plansQuery } from "@/features/accounts/usage/queries";
import { text } from "@/features/accounts/usage/text";

export const Route = createFileRoute("/_app/settings/plans")({
  beforeLoad: ({ context: { session } }) => {
    if (!session.permissions.includes("server.manage")) throw redirect({ to: "/settings", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.query(plansQuery).catch(() => undefined);
    return text.load();
  },
  component: PlansPage,
});
