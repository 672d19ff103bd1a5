import { createFileRoute, useRouter } from "@tanstack/react-router";
import { Door } from "@/features/accounts/door";
import { text } from "@/features/accounts/text";
import { text as waysText, useT } from "@/features/accounts/ways/text";
import { WayBack } from "@/features/accounts/ways/way-back";
import { Mark } from "@/features/workspace/mark";
import { currentLocale } from "@/shared/i18n/locale";
import { sessionQuery } from "@/shared/session/session";
import { DoorPortrait } from "./-portrait";

// As the provider wrote it, before the router reads codes that look like numbers as numbers. One comes here by a page load only.
const arrived = new URLSearchParams(location.search);

export const Route = createFileRoute("/sign-in_/with/$providerId")({
  loader: async ({ context: { queryClient }, params: { providerId } }) => {
    const [session] = await Promise.all([queryClient.query({ ...sessionQuery, staleTime: "static" }), text.load(), waysText.load()]);
    const [code, error, iss] = ["code", "error", "iss"].map((name) => arrived.get(name));
    return { signedIn: session !== null, answer: { providerId, state: arrived.get("state") ?? "", code: code ?? null, error: error ?? null, iss: iss ?? null, locale: currentLocale() } };
  },
  component: Back,
});

function Back() {
  const t = useT();
  const router = useRouter();
  const { signedIn, answer } = Route.useLoaderData();
  return (
    <Door title={t("back.title")} mark={<Mark className="size-8" />} portrait={<DoorPortrait />}>
      <WayBack answer={answer} signedIn={signedIn} onGo={(to) => void router.navigate({ href: to, replace: true })} />
    </Door>
  );
}
