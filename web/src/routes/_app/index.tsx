import { createFileRoute } from "@tanstack/react-router";
import { useT } from "@/features/workspace/text";
import { Page, PageTitle } from "@/shared/ui/page";

export const Route = createFileRoute("/_app/")({ component: Today });

function Today() {
  const t = useT();
  return <Page><PageTitle title={t("nav.today")} /></Page>;
}
