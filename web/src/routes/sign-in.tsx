import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { settingsQuery } from "@/features/accounts/by-letter/queries";
import { SignInLinks } from "@/features/accounts/by-letter/sign-in-links";
import { text as letterText } from "@/features/accounts/by-letter/text";
import { Door } from "@/features/accounts/door";
import { setupQuery } from "@/features/accounts/queries";
import { SignInForm } from "@/features/accounts/sign-in";
import { text, useT } from "@/features/accounts/text";
import { ownPath } from "@/features/accounts/ways/go";
import { OtherWays } from "@/features/accounts/ways/other-ways";
import { externalQuery } from "@/features/accounts/ways/queries";
import { text as waysText } from "@/features/accounts/ways/text";
import { Mark } from "@/features/workspace/mark";
import { sessionQuery } from "@/shared/session/session";
import { DoorPortrait } from "./-portrait";

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
  loader: ({ context: { queryClient } }) => {
    for (const query of [queryClient.query(settingsQuery), queryClient.query(externalQuery)]) query.catch(() => undefined);
    return Promise.all([text.load(), letterText.load(), waysText.load()]);
  },
  component: SignIn,
});

function SignIn() {
  const t = useT();
  const router = useRouter();
  const { return: to } = Route.useSearch();
  const enter = (): void => void router.navigate({ href: to ?? "/", replace: true });
  return (
    <Door title={t("signIn.title")} mark={<Mark className="size-8" />} portrait={<DoorPortrait />}>
      <SignInForm onDone={enter} others={<OtherWays onDone={enter} returnTo={to} />} />
      <SignInLinks />
    </Door>
  );
}
