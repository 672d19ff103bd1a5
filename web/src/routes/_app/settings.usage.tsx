import { createFileRoute } from "@tanstack/react-router";
import { usageQuery } from "@/features/accounts/usage/queries";
import { text } from "@/features/accounts/usage/text";
import { UsagePage } from "@/features/accounts/usage/usage-page";

export const Route = createFileRoute("/_app/settings/usage")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(usageQuery).catch(() => undefined);
    return text.load();
  },
  component: UsagePage,
});
