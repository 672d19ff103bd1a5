import { createFileRoute } from "@tanstack/react-router";
import { ResetForm } from "@/features/accounts/by-letter/new-password-forms";
import { useT } from "@/features/accounts/by-letter/text";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/reset")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: Reset,
});

function Reset() {
  const t = useT();
  return (
    <LetterDoor title={t("reset.title")} text={t("reset.text")}>
      <ResetForm />
    </LetterDoor>
  );
}
