import { createFileRoute, Outlet } from "@tanstack/react-router";
import { SettingsFrame } from "@/features/workspace/settings/frame";
import { text } from "@/features/workspace/settings/text";

export const Route = createFileRoute("/_app/settings")({
  loader: () => text.load(),
  component: Settings,
});

function Settings() {
  const { session } = Route.useRouteContext();
  return <SettingsFrame permissions={session.permissions}><Outlet /></SettingsFrame>;
}
