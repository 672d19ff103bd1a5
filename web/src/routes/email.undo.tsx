import { createFileRoute, Link } from "@tanstack/react-router";
import { undoEmail } from "@/features/accounts/by-letter/queries";
import { useT } from "@/features/accounts/by-letter/text";
import { TokenButton } from "@/features/accounts/by-letter/token";
import { endSession } from "@/shared/session/session";
import { buttonClass } from "@/shared/ui/button";
import { Note } from "@/shared/ui/states";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/email/undo")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: UndoEmail,
});

function UndoEmail() {
  const t = useT();
  return (
    <LetterDoor title={t("undo.title")} text={t("undo.text")}>
      <TokenButton
        label={t("undo.submit")} redeem={undoEmail} onDone={() => endSession()}
        done={() => (
          <>
            <div role="status"><Note tone="ok">{t("undo.done")}</Note></div>
            <Link to="/sign-in" replace className={buttonClass("primary")}>{t("toSignIn")}</Link>
          </>
        )}
      />
    </LetterDoor>
  );
}
