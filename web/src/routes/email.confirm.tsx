import { createFileRoute, Link } from "@tanstack/react-router";
import { confirmEmail } from "@/features/accounts/by-letter/queries";
import { useT } from "@/features/accounts/by-letter/text";
import { TokenButton } from "@/features/accounts/by-letter/token";
import { buttonClass } from "@/shared/ui/button";
import { Note } from "@/shared/ui/states";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/email/confirm")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: ConfirmEmail,
});

function ConfirmEmail() {
  const t = useT();
  const { queryClient } = Route.useRouteContext();
  return (
    <LetterDoor title={t("confirm.title")} text={t("confirm.text")}>
      <TokenButton
        label={t("confirm.submit")} redeem={confirmEmail} onDone={() => void queryClient.invalidateQueries({ queryKey: ["accounts"] })}
        done={({ email }) => (
          <>
            <div role="status"><Note tone="ok">{t("confirm.done", { email: `\u2066${email}\u2069` })}</Note></div>
            <Link to="/" replace className={buttonClass("primary")}>{t("toStart")}</Link>
          </>
        )}
      />
    </LetterDoor>
  );
}
