import { createFileRoute } from "@tanstack/react-router";
import { ModelsPage } from "@/features/gateway/models-page";
import { discoveredQuery, modelsQuery, providersQuery } from "@/features/gateway/queries";
import { text } from "@/features/gateway/text";

export const Route = createFileRoute("/_app/settings/models")({
  loader: ({ context: { queryClient } }) => {
    for (const query of [queryClient.query(providersQuery), queryClient.query(modelsQuery), queryClient.query(discoveredQuery)]) query.catch(() => undefined);
    return text.load();
  },
  component: ModelsPage,
});
