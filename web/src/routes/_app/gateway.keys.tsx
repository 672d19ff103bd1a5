import { createFileRoute } from "@tanstack/react-router";
import { KeysPage } from "@/features/gateway/keys/keys-page";
import { keysQuery } from "@/features/gateway/keys/queries";
import { limitsQuery } from "@/features/gateway/limits/queries";
import { modelsQuery } from "@/features/gateway/queries";

export const Route = createFileRoute("/_app/gateway/keys")({
  loader: ({ context: { queryClient, session } }) => {
    queryClient.infiniteQuery(keysQuery).catch(() => undefined);
    queryClient.query(modelsQuery).catch(() => undefined);
    if (session.user.role === "owner") queryClient.query(limitsQuery).catch(() => undefined);
  },
  component: KeysRoute,
});

function KeysRoute() {
  const { session } = Route.useRouteContext();
  return <KeysPage userId={session.user.id} isOwner={session.user.role === "owner"} />;
}
