import { createFileRoute, redirect } from "@tanstack/react-router";
import { PricesPage } from "@/features/gateway/prices/prices-page";
import { pricesQuery } from "@/features/gateway/prices/queries";
import { modelsQuery } from "@/features/gateway/queries";

export const Route = createFileRoute("/_app/gateway/prices")({
  beforeLoad: ({ context: { session } }) => {
    if (session.user.role !== "owner") throw redirect({ to: "/gateway", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.query(pricesQuery).catch(() => undefined);
    queryClient.query(modelsQuery).catch(() => undefined);
  },
  component: PricesPage,
});
