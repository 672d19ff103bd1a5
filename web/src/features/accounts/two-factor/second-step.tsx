import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { SecondFactorNeeded } from "@/shared/api/types";
import { beginSession } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { ErrorNote, Note } from "@/shared/ui/states";
import { CodeField } from "./code-field";
import { finishSignIn } from "./queries";
import { useT } from "./text";

/** After the first factor, whichever it was: the code. */
export default function SecondStep({ needed, onDone, onAgain }: { needed: SecondFactorNeeded; onDone: () => void; onAgain: () => void }) {
  const t = useT();
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState(false);
  const enter = useMutation({
    mutationFn: async () => beginSession(await finishSignIn({ ticket: needed.ticket, code: code.trim() })),
    onSuccess: onDone,
  });
  if (isApiError(enter.error, "accounts.ticket_ended")) {
    return (
      <div className="flex flex-col gap-5">
        <div role="alert"><Note tone="bad">{t("signIn.ended")}</Note></div>
        <Button look="primary" autoFocus onClick={onAgain}>{t("signIn.again")}</Button>
      </div>
    );
  }
  const wrong = isApiError(enter.error, "accounts.code_wrong");
  const change = (value: string): void => { setCode(value); if (enter.error) enter.reset(); };
  return (
    <form className="flex flex-col gap-5" onSubmit={(e) => { e.preventDefault(); enter.mutate(); }}>
      <p className="text-ink-2">{t("signIn.text")}</p>
      <CodeField value={code} onChange={change} recovery={recovery} error={wrong ? t(recovery ? "recovery.wrong" : "code.wrong") : undefined} />
      {enter.error && !wrong && <ErrorNote error={enter.error} />}
      <Button type="submit" look="primary" busy={enter.isPending}>{t("signIn.submit")}</Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button look="plain" onClick={() => { setRecovery(!recovery); change(""); }}>{t(recovery ? "recovery.app" : "recovery.use")}</Button>
        <Button look="plain" onClick={onAgain}>{t("signIn.again")}</Button>
      </div>
    </form>
  );
}
