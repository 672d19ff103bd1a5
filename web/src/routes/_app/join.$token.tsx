import { createFileRoute } from "@tanstack/react-router";
import { JoinPage } from "@/features/chat/together/join-page";
import { text } from "@/features/chat/together/text";

export const Route = createFileRoute("/_app/join/$token")({ loader: () => text.load(), component: Join });

function Join() {
  const { token } = Route.useParams();
  return <JoinPage key={token} token={token} />;
}
