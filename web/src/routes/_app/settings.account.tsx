import { createFileRoute } from "@tanstack/react-router";
import { AccountPage } from "@/features/accounts/account-page";
import { emailQuery } from "@/features/accounts/by-letter/queries";
import { text as letterText } from "@/features/accounts/by-letter/text";
import { text as deletionText } from "@/features/accounts/deletion/text";
import { sessionsQuery } from "@/features/accounts/queries";
import { text } from "@/features/accounts/text";
import { twoFactorQuery } from "@/features/accounts/two-factor/queries";
import { text as twoFactorText } from "@/features/accounts/two-factor/text";
import { linksQuery, passkeysQuery } from "@/features/accounts/ways/queries";
import { text as waysText } from "@/features/accounts/ways/text";

export const Route = createFileRoute("/_app/settings/account")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(sessionsQuery).catch(() => undefined);
    queryClient.query(twoFactorQuery).catch(() => undefined);
    queryClient.query(emailQuery).catch(() => undefined);
    queryClient.query(passkeysQuery).catch(() => undefined);
    queryClient.query(linksQuery).catch(() => undefined);
    return Promise.all([text.load(), twoFactorText.load(), letterText.load(), deletionText.load(), waysText.load()]);
  },
  component: AccountRoute,
});

function AccountRoute() {
  const { session } = Route.useRouteContext();
  return <AccountPage session={session} />;
}
