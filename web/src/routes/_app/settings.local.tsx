import { createFileRoute } from "@tanstack/react-router";
import { LocalPage } from "@/features/models/local-page";
import { catalogueQuery, localModelsQuery, pullsQuery } from "@/features/models/queries";
import { text } from "@/features/models/text";

export const Route = createFileRoute("/_app/settings/local")({
  loader: ({ context: { queryClient } }) => {
    for (const query of [queryClient.query(catalogueQuery), queryClient.query(localModelsQuery), queryClient.query(pullsQuery)]) query.catch(() => undefined);
    return text.load();
  },
  component: LocalPage,
});
