import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { Door } from "@/features/accounts/door";
import { setupQuery } from "@/features/accounts/queries";
import { SignInForm } from "@/features/accounts/sign-in";
import { text, useT } from "@/features/accounts/text";
import { Mark } from "@/features/workspace/mark";
import { sessionQuery } from "@/shared/session/session";
import { DoorPortrait } from "./-portrait";

/** Only paths of our own: a full address would send the person elsewhere after signing in. */
const ownPath = (value: unknown): string | undefined => (typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined);

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>): { return?: string } => {
    const to = ownPath(search["return"]);
    return to ? { return: to } : {};
  },
  beforeLoad: async ({ context: { queryClient } }) => {
    void text.load();
    const [session, { ownerExists }] = await Promise.all([queryClient.query({ ...sessionQuery, staleTime: "static" }), queryClient.query({ ...setupQuery, staleTime: "static" })]);
    if (session) throw redirect({ to: "/" });
    if (!ownerExists) throw redirect({ to: "/setup" });
  },
  loader: () => text.load(),
  component: SignIn,
});

function SignIn() {
  const t = useT();
  const router = useRouter();
  const { return: to } = Route.useSearch();
  return (
    <Door title={t("signIn.title")} mark={<Mark className="size-8" />} portrait={<DoorPortrait />}>
      <SignInForm onDone={() => void router.navigate({ href: to ?? "/", replace: true })} />
    </Door>
  );
}
