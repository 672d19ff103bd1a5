import { PageTitle, Page } from "@/shared/ui/page";
import { useT } from "./text";

/** One conversation, or a new one when there is no id. */
export function ChatPage({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  return <Page><PageTitle key={conversationId} title={t("nav.chat")} /></Page>;
}
