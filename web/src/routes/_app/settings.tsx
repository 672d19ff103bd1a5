import { createFileRoute, Outlet } from "@tanstack/react-router";
import { SettingsFrame } from "@/features/workspace/settings/frame";
import { text } from "@/features/workspace/settings/text";

export const Route = createFileRoute("/_app/settings")({
  loader: () => text.load(),
  component: () => <SettingsFrame><Outlet /></SettingsFrame>,
});
