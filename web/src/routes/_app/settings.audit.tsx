import { createFileRoute, redirect } from "@tanstack/react-router";
import { AuditPage } from "@/features/accounts/people/audit-page";
import { auditQuery } from "@/features/accounts/people/queries";
import { text } from "@/features/accounts/people/text";

export const Route = createFileRoute("/_app/settings/audit")({
  beforeLoad: ({ context: { session } }) => {
    if (!session.permissions.includes("audit.read")) throw redirect({ to: "/settings", replace: true });
  },
  loader: ({ context: { queryClient } }) => {
    queryClient.infiniteQuery(auditQuery({ act: "", who: "", from: "", to: "" })).catch(() => undefined);
    return text.load();
  },
  component: AuditPage,
});
