import { createFileRoute, Link } from "@tanstack/react-router";
import { TokenButton } from "@/features/accounts/by-letter/token";
import { keepAccountByLetter } from "@/features/accounts/deletion/queries";
import { text, useT } from "@/features/accounts/deletion/text";
import { useT as useLetters } from "@/features/accounts/by-letter/text";
import { sessionQuery } from "@/shared/session/session";
import { buttonClass } from "@/shared/ui/button";
import { Note } from "@/shared/ui/states";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/deletion/cancel")({
  loader: ({ context: { queryClient } }) => Promise.all([text.load(), loadLetterDoor(queryClient)]),
  component: CancelDeletion,
});

function CancelDeletion() {
  const t = useT();
  const letters = useLetters();
  const { queryClient } = Route.useRouteContext();
  return (
    <LetterDoor title={t("cancel.title")} text={t("cancel.text")}>
      <TokenButton
        label={t("keep")} redeem={keepAccountByLetter} onDone={() => void queryClient.invalidateQueries(sessionQuery)}
        done={() => (
          <>
            <div role="status"><Note tone="ok">{t("cancel.done")}</Note></div>
            <Link to="/sign-in" replace className={buttonClass("primary")}>{letters("toSignIn")}</Link>
          </>
        )}
      />
    </LetterDoor>
  );
}
