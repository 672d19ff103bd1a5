import { createFileRoute } from "@tanstack/react-router";
import { AboutPage } from "@/features/workspace/settings/about-page";
import { systemQuery } from "@/features/workspace/settings/queries";

export const Route = createFileRoute("/_app/settings/about")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(systemQuery).catch(() => undefined);
  },
  component: AboutPage,
});
