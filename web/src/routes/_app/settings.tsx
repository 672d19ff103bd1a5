import { createFileRoute } from "@tanstack/react-router";
import { useT } from "@/features/workspace/text";
import { Page, PageTitle } from "@/shared/ui/page";

export const Route = createFileRoute("/_app/settings")({ component: Settings });

function Settings() {
  const t = useT();
  return <Page><PageTitle title={t("nav.settings")} /></Page>;
}
