import { createFileRoute, Outlet } from "@tanstack/react-router";
import { GatewayFrame } from "@/features/gateway/console/frame";
import { text } from "@/features/gateway/console/text";
import { text as pricesText } from "@/features/gateway/prices/text";
import { useCloseCall } from "@/features/gateway/watch/call-link";
import { TraceDrawer } from "@/features/gateway/watch/trace-drawer";

interface Search {
  /** The call whose trace lies over the page. */
  call?: string | undefined;
}

export const Route = createFileRoute("/_app/gateway")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search["call"] === "string" ? { call: search["call"] } : {}),
  loader: () => Promise.all([text.load(), pricesText.load()]),
  component: Gateway,
});

function Gateway() {
  const { call } = Route.useSearch();
  const { session } = Route.useRouteContext();
  const close = useCloseCall();
  return (
    <GatewayFrame isOwner={session.user.role === "owner"}>
      <Outlet />
      {call !== undefined && <TraceDrawer key={call} id={call} onClose={close} />}
    </GatewayFrame>
  );
}
