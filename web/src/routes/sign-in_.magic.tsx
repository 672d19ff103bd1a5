import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { AskForm } from "@/features/accounts/by-letter/ask-form";
import { askMagicLink, enterByLink } from "@/features/accounts/by-letter/queries";
import { useT } from "@/features/accounts/by-letter/text";
import { TokenButton, useToken } from "@/features/accounts/by-letter/token";
import { useSecondStep } from "@/features/accounts/two-factor/use-second-step";
import { LetterDoor, loadLetterDoor } from "./-letter-door";

export const Route = createFileRoute("/sign-in_/magic")({
  loader: ({ context: { queryClient } }) => loadLetterDoor(queryClient),
  component: Magic,
});

function Magic() {
  const t = useT();
  const token = useToken();
  const navigate = useNavigate();
  const toStart = (): void => void navigate({ to: "/", replace: true });
  const { enter, step } = useSecondStep({ onDone: toStart, onAgain: () => void navigate({ to: "/sign-in" }) });
  if (!token)
    return (
      <LetterDoor title={t("magic.title")} text={t("magic.text")}>
        <AskForm ask={askMagicLink} submit={t("magic.link")} sent={t("forgot.sent")} />
      </LetterDoor>
    );
  return (
    <LetterDoor title={t("magic.enter.title")} text={t("magic.enter.text")}>
      {step ?? <TokenButton label={t("magic.enter")} again="/sign-in/magic" redeem={async (own) => enter(await enterByLink(own))} />}
    </LetterDoor>
  );
}
