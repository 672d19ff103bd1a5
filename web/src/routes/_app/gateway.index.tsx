import { createFileRoute } from "@tanstack/react-router";
import { alertsQuery } from "@/features/gateway/alerts/queries";
import { OverviewPage } from "@/features/gateway/watch/overview-page";
import { dashboardQuery, latestCallsQuery, liveQuery, spans, targetsQuery, type Span } from "@/features/gateway/watch/queries";

export const Route = createFileRoute("/_app/gateway/")({
  validateSearch: (search: Record<string, unknown>): { span?: Span } => {
    const span = spans.find((s) => s === search["span"]);
    return span ? { span } : {};
  },
  loaderDeps: ({ search }) => ({ span: search.span }),
  loader: ({ context: { queryClient, session }, deps }) => {
    queryClient.query(dashboardQuery(deps.span ?? "day")).catch(() => undefined);
    queryClient.query(liveQuery).catch(() => undefined);
    queryClient.query(latestCallsQuery).catch(() => undefined);
    if (session.user.role === "owner") {
      queryClient.query(alertsQuery).catch(() => undefined);
      queryClient.query(targetsQuery).catch(() => undefined);
    }
  },
  component: Overview,
});

function Overview() {
  const { session } = Route.useRouteContext();
  const { span } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <OverviewPage isOwner={session.user.role === "owner"} span={span ?? "day"} onSpan={(chosen) => void navigate({ search: (s) => ({ ...s, span: chosen }), replace: true, resetScroll: false })} />;
}
