import { createFileRoute } from "@tanstack/react-router";
import { AskForm } from "@/features/accounts/by-letter/ask-form";
import { askReset } from "@/features/accounts/by-letter/queries";
import { useT } from "@/features/accounts/by-letter/text";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/forgot")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: Forgot,
});

function Forgot() {
  const t = useT();
  return (
    <LetterDoor title={t("forgot.title")} text={t("forgot.text")}>
      <AskForm ask={askReset} submit={t("forgot.submit")} sent={t("forgot.sent")} />
    </LetterDoor>
  );
}
