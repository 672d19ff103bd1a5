import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import type { ExternalAnswer, SecondFactorNeeded, Session } from "@/shared/api/types";
import { Button, buttonClass } from "@/shared/ui/button";
import { Note, Skeleton } from "@/shared/ui/states";
import { useSecondStep } from "../two-factor/use-second-step";
import { isProof, takeReturn } from "./go";
import { finishExternalSignIn, finishLink, finishStepUpElsewhere } from "./queries";
import { useT } from "./text";
import { WhyNot } from "./why-not";

/** Back from an identity provider: signs in, connects the account of whoever is signed in, or confirms that it is them. What it came with is good once. */
export function WayBack({ answer, signedIn, onGo }: { answer: ExternalAnswer; signedIn: boolean; onGo: (to: string) => void }) {
  const t = useT();
  const { enter, step } = useSecondStep({ onDone: () => onGo(takeReturn()), onAgain: () => onGo("/sign-in") });
  const proves = signedIn && isProof(answer.state);
  const finish = useQuery({
    queryKey: ["accounts", "way-back", answer.state],
    queryFn: async (): Promise<Session | SecondFactorNeeded | null> => {
      if (!signedIn) return finishExternalSignIn(answer);
      await (proves ? finishStepUpElsewhere(answer) : finishLink(answer));
      return null;
    },
    retry: false, staleTime: "static", gcTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false,
  });
  const goOn = useEffectEvent((entered: Session | SecondFactorNeeded | null) => void (entered ? enter(entered) : proves || onGo("/settings/account")));
  const { data } = finish;
  useEffect(() => {
    if (data !== undefined) goOn(data);
  }, [data]);
  if (step) return step;
  if (proves && finish.isSuccess)
    return (
      <div className="flex flex-col gap-5">
        <div role="status"><Note tone="ok">{t("back.proved")}</Note></div>
        <Button look="primary" autoFocus onClick={() => onGo(takeReturn())}>{t("back.goOn")}</Button>
      </div>
    );
  if (!finish.error) return <Skeleton rows={2} />;
  return (
    <div className="flex flex-col gap-5">
      <WhyNot error={finish.error} />
      <Link to={signedIn ? "/settings/account" : "/sign-in"} className={buttonClass("primary")}>{t(signedIn ? "back.settings" : "back.signIn")}</Link>
    </div>
  );
}
