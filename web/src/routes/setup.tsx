import { createFileRoute, redirect, useNavigate } from "@tanstack/react-router";
import { Door } from "@/features/accounts/door";
import { setupQuery } from "@/features/accounts/queries";
import { SetupForm } from "@/features/accounts/setup";
import { text, useT } from "@/features/accounts/text";
import { Mark } from "@/features/workspace/mark";
import { DoorPortrait } from "./-portrait";

export const Route = createFileRoute("/setup")({
  beforeLoad: async ({ context: { queryClient } }) => {
    if ((await queryClient.query({ ...setupQuery, staleTime: "static" })).ownerExists) throw redirect({ to: "/sign-in" });
  },
  loader: () => text.load(),
  component: Setup,
});

function Setup() {
  const t = useT();
  const navigate = useNavigate();
  return (
    <Door title={t("setup.title")} text={t("setup.text")} mark={<Mark className="size-8" />} portrait={<DoorPortrait />}>
      <SetupForm onDone={() => void navigate({ to: "/", replace: true })} />
    </Door>
  );
}
