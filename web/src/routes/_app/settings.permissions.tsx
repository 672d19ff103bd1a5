import { createFileRoute, redirect } from "@tanstack/react-router";
import { PermissionsPage } from "@/features/accounts/people/permissions-page";
import { permissionsQuery } from "@/features/accounts/people/queries";
import { text } from "@/features/accounts/people/text";

export const Route = createFileRoute("/_app/settings/permissions")({
  beforeLoad: ({ context: { session } }) => {
    if (!session.permissions.includes("users.manage")) throw redirect({ to: "/settings", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.query(permissionsQuery).catch(() => undefined);
    return text.load();
  },
  component: PermissionsPage,
});
