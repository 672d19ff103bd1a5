import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { Suspense } from "react";
import { skillsQuery } from "@/features/agents/queries";
import { suggestions } from "@/features/agents/suggestions";
import { recentConversationsQuery } from "@/features/chat/queries";
import { modelsQuery } from "@/features/gateway/queries";
import { Recent } from "@/features/workspace/today/recent";
import { Today } from "@/features/workspace/today/today";
import { currentLocale, useLocale } from "@/shared/i18n/locale";
import { lazyPart } from "@/shared/ui/lazy-part";

const FirstModels = lazyPart(() => import("@/features/models/first-models"));

const recentQuery = recentConversationsQuery(6);

export const Route = createFileRoute("/_app/")({
  // Started with the route's code and not waited for: the greeting and the box to ask in come at once.
  loader: ({ context: { queryClient } }) => {
    for (const query of [queryClient.query(recentQuery), queryClient.query(modelsQuery), queryClient.query(skillsQuery(currentLocale()))]) query.catch(() => undefined);
  },
  component: TodayRoute,
});

function TodayRoute() {
  const { session } = Route.useRouteContext();
  const recent = useQuery(recentQuery);
  const models = useQuery(modelsQuery);
  const skills = useQuery(skillsQuery(useLocale()));
  return (
    <Today
      name={session.user.displayName}
      examples={suggestions(skills.data ?? [])}
      needsModel={models.data?.every((model) => model.builtIn) ?? false}
      models={session.permissions.includes("gateway.manage") && <Suspense><FirstModels /></Suspense>}
      recent={<Recent items={recent.data?.items} error={recent.error} retry={() => void recent.refetch()} />}
    />
  );
}
