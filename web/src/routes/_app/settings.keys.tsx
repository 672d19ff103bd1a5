import { createFileRoute } from "@tanstack/react-router";
import { ApiKeysPage } from "@/features/accounts/api-keys/keys-page";
import { apiKeysQuery } from "@/features/accounts/api-keys/queries";
import { text } from "@/features/accounts/api-keys/text";

export const Route = createFileRoute("/_app/settings/keys")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(apiKeysQuery).catch(() => undefined);
    return text.load();
  },
  component: ApiKeysPage,
});
