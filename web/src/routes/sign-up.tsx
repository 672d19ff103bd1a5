import { createFileRoute } from "@tanstack/react-router";
import { AskForm } from "@/features/accounts/by-letter/ask-form";
import { askSignUp } from "@/features/accounts/by-letter/queries";
import { useT } from "@/features/accounts/by-letter/text";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/sign-up")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: SignUp,
});

function SignUp() {
  const t = useT();
  return (
    <LetterDoor title={t("signUp.title")} text={t("signUp.text")}>
      <AskForm ask={askSignUp} submit={t("signUp.submit")} sent={t("signUp.sent")} />
    </LetterDoor>
  );
}
