import { createFileRoute, redirect } from "@tanstack/react-router";
import { modelsQuery } from "@/features/gateway/queries";
import { routesQuery } from "@/features/gateway/routes/queries";
import { RoutesPage } from "@/features/gateway/routes/routes-page";

export const Route = createFileRoute("/_app/gateway/routes")({
  beforeLoad: ({ context: { session } }) => {
    if (session.user.role !== "owner") throw redirect({ to: "/gateway", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.query(routesQuery).catch(() => undefined);
    queryClient.query(modelsQuery).catch(() => undefined);
  },
  component: RoutesPage,
});
