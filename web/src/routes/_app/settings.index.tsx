import { createFileRoute, redirect } from "@tanstack/react-router";
import { SettingsList } from "@/features/workspace/settings/frame";

export const Route = createFileRoute("/_app/settings/")({
  // Wide screens show the list beside the first page.
  beforeLoad: () => {
    if (matchMedia("(width >= 48rem)").matches) throw redirect({ to: "/settings/models", replace: true });
  },
  component: List,
});

function List() {
  const { session } = Route.useRouteContext();
  return <SettingsList permissions={session.permissions} />;
}
