import { createFileRoute } from "@tanstack/react-router";
import { SharedPage } from "@/features/chat/sharing/shared-page";
import { text } from "@/features/chat/sharing/text";

export const Route = createFileRoute("/_app/shared/$token")({ loader: () => text.load(), component: Shared });

function Shared() {
  const { token } = Route.useParams();
  return <SharedPage key={token} token={token} />;
}
