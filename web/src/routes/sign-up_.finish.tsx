import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { FinishSignUpForm } from "@/features/accounts/by-letter/new-password-forms";
import { useT } from "@/features/accounts/by-letter/text";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/sign-up_/finish")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: FinishSignUp,
});

function FinishSignUp() {
  const t = useT();
  const navigate = useNavigate();
  return (
    <LetterDoor title={t("signUp.finish.title")} text={t("signUp.finish.text")}>
      <FinishSignUpForm onDone={() => void navigate({ to: "/", replace: true })} />
    </LetterDoor>
  );
}
