import { createFileRoute } from "@tanstack/react-router";
import { CallsPage } from "@/features/gateway/watch/calls-page";
import { outcomes } from "@/features/gateway/watch/outcome";
import { callsQuery, spans, type CallFilter } from "@/features/gateway/watch/queries";

const known = ({ route, model, key, outcome, since }: Record<string, unknown>): CallFilter => ({
  ...(typeof route === "string" && { route }), ...(typeof model === "string" && { model }), ...(typeof key === "string" && { key }),
  ...(outcomes.some((o) => o === outcome) && { outcome: outcome as CallFilter["outcome"] }), ...(spans.some((s) => s === since) && { since: since as CallFilter["since"] }),
});

export const Route = createFileRoute("/_app/gateway/calls")({
  validateSearch: known,
  loaderDeps: ({ search }) => known({ ...search }),
  loader: ({ context: { queryClient }, deps }) => {
    queryClient.infiniteQuery(callsQuery(deps)).catch(() => undefined);
  },
  component: Calls,
});

function Calls() {
  const filter = known({ ...Route.useSearch() });
  const navigate = Route.useNavigate();
  return <CallsPage filter={filter} onFilter={(chosen) => void navigate({ search: chosen, replace: true, resetScroll: false })} />;
}
