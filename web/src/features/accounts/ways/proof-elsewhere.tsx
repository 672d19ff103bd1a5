import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LogIn } from "lucide-react";
import type { StepUpWays } from "@/shared/api/types";
import { dismissProof } from "@/shared/session/proof";
import { Button, buttonClass } from "@/shared/ui/button";
import { goProve } from "./go";
import { beginStepUpElsewhere } from "./queries";
import { useT } from "./text";
import { WhyNot } from "./why-not";

/** For people with nothing of their own here: they sign in anew where they come from, or choose a password first. */
export function ProofElsewhere({ providers }: { providers: StepUpWays["elsewhere"] }) {
  const t = useT();
  const leave = useMutation({ mutationFn: async (id: string) => goProve((await beginStepUpElsewhere(id)).url) });
  const proving = providers.filter(({ proves }) => proves);
  const silent = providers.filter(({ proves }) => !proves);
  return (
    <div className="mt-4 flex flex-col gap-3">
      {proving.length > 0 && <p>{t("proof.elsewhere")}</p>}
      {proving.map(({ id, name }, i) => (
        <Button key={id} look={i === 0 ? "primary" : "quiet"} autoFocus={i === 0} busy={leave.isPending && leave.variables === id} onClick={() => leave.mutate(id)}>
          <LogIn className="size-4.5 rtl:-scale-x-100" aria-hidden="true" />{t("proof.elsewhere.with", { name })}
        </Button>
      ))}
      <WhyNot error={leave.error} />
      {silent.map(({ id, name }) => <p key={id} className="text-ink-2">{t("proof.elsewhere.not", { name })}</p>)}
      {proving.length === 0 && <p>{t("proof.none")}</p>}
      {proving.length === 0 && <Link to="/forgot" className={buttonClass("quiet")} onClick={dismissProof}>{t("proof.choosePassword")}</Link>}
    </div>
  );
}
