import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import { dismissProof, proofGiven } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { PasswordField } from "../password-field";
import { CodeField } from "./code-field";
import { beginPasskeyStepUp, stepUpWaysQuery, stepUpWithPasskey } from "../ways/queries";
import { text as waysText } from "../ways/text";
import { ProofElsewhere } from "../ways/proof-elsewhere";
import { answerWithPasskey, hasPasskeys } from "../ways/webauthn";
import { WhyNot } from "../ways/why-not";
import { stepUp } from "./queries";
import { useT } from "./text";

/** Asks for the password, for a code where a second factor is on, or for a passkey; what asked for it then goes on. */
export default function StepUpDialog() {
  const t = useT();
  const ways = useQuery({ ...stepUpWaysQuery, refetchOnMount: "always" });
  return (
    <Dialog open onClose={dismissProof} title={t("proof.title")}>
      <p className="text-ink-2">{t("proof.text")}</p>
      {!ways.data || !ways.isFetchedAfterMount ? (ways.error ? <ErrorNote error={ways.error} retry={() => void ways.refetch()} className="mt-4" /> : <Skeleton rows={2} className="mt-4" />) : (
        <>
          {ways.data.passkey && hasPasskeys() && <PasskeyProof first={!ways.data.code && !ways.data.password} />}
          {(ways.data.code || ways.data.password) && <ProofForm withCode={ways.data.code} />}
          {!ways.data.code && !ways.data.password && !(ways.data.passkey && hasPasskeys()) && <ProofElsewhere providers={ways.data.elsewhere} />}
        </>
      )}
    </Dialog>
  );
}

function PasskeyProof({ first }: { first: boolean }) {
  const t = waysText.useT();
  const prove = useMutation({ mutationFn: async () => stepUpWithPasskey(await answerWithPasskey(await beginPasskeyStepUp())), onSuccess: proofGiven });
  return (
    <div className="mt-4 flex flex-col gap-3">
      <Button look={first ? "primary" : "quiet"} autoFocus={first} busy={prove.isPending} onClick={() => prove.mutate()}><KeyRound className="size-4.5" aria-hidden="true" />{t("proof.passkey")}</Button>
      <WhyNot error={prove.error} />
    </div>
  );
}

function ProofForm({ withCode }: { withCode: boolean }) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const [recovery, setRecovery] = useState(false);
  const prove = useMutation({ mutationFn: () => stepUp(withCode ? { code: typed.trim() } : { password: typed }), onSuccess: proofGiven });
  const change = (value: string): void => { setTyped(value); if (prove.error) prove.reset(); };
  const wrongCode = isApiError(prove.error, "accounts.code_wrong"), wrongPassword = isApiError(prove.error, "accounts.password_wrong");
  return (
    <form className="mt-4 flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); prove.mutate(); }}>
      {withCode
        ? <CodeField value={typed} onChange={change} recovery={recovery} error={wrongCode ? t(recovery ? "recovery.wrong" : "code.wrong") : undefined} />
        : <PasswordField label={t("proof.password")} autoComplete="current-password" value={typed} onChange={change} error={wrongPassword ? t("proof.password.wrong") : undefined} />}
      {prove.error && !wrongCode && !wrongPassword && <ErrorNote error={prove.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        {withCode && <Button look="plain" onClick={() => { setRecovery(!recovery); change(""); }}>{t(recovery ? "recovery.app" : "recovery.use")}</Button>}
        <Button type="submit" look="primary" busy={prove.isPending}>{t("proof.submit")}</Button>
      </div>
    </form>
  );
}
