import { createFileRoute, redirect } from "@tanstack/react-router";
import { OutboxPage } from "@/features/accounts/by-letter/outbox-page";
import { lettersQuery, settingsQuery } from "@/features/accounts/by-letter/queries";
import { text } from "@/features/accounts/by-letter/text";

export const Route = createFileRoute("/_app/settings/account_/outbox")({
  beforeLoad: ({ context: { session } }) => {
    if (session.user.role !== "owner") throw redirect({ to: "/settings/account" });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.infiniteQuery(lettersQuery).catch(() => undefined);
    queryClient.query(settingsQuery).catch(() => undefined);
    return text.load();
  },
  component: OutboxPage,
});
