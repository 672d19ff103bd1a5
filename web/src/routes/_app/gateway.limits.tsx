import { createFileRoute, redirect } from "@tanstack/react-router";
import { alertRulesQuery } from "@/features/gateway/alerts/queries";
import { keysQuery } from "@/features/gateway/keys/queries";
import { LimitsPage } from "@/features/gateway/limits/limits-page";
import { limitsQuery } from "@/features/gateway/limits/queries";
import { modelsQuery } from "@/features/gateway/queries";

export const Route = createFileRoute("/_app/gateway/limits")({
  beforeLoad: ({ context: { session } }) => {
    if (session.user.role !== "owner") throw redirect({ to: "/gateway", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.query(limitsQuery).catch(() => undefined);
    queryClient.infiniteQuery(keysQuery).catch(() => undefined);
    queryClient.query(alertRulesQuery).catch(() => undefined);
    queryClient.query(modelsQuery).catch(() => undefined);
  },
  component: LimitsRoute,
});

function LimitsRoute() {
  const { session } = Route.useRouteContext();
  return <LimitsPage userId={session.user.id} />;
}
