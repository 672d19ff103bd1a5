import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, LogIn } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { PasskeyAnswer } from "@/shared/api/types";
import { beginSession } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { goTo } from "./go";
import { beginExternalSignIn, beginPasskeySignIn, externalQuery, signInWithPasskey } from "./queries";
import { useT } from "./text";
import { answerWithPasskey, hasPasskeys, offersPasskeys } from "./webauthn";
import { WhyNot } from "./why-not";

/** Signing in without a password: a passkey, which the browser also offers in the address field, or an account elsewhere. */
export function OtherWays({ onDone, returnTo }: { onDone: () => void; returnTo?: string | undefined }) {
  const t = useT();
  const external = useQuery(externalQuery);
  const [round, setRound] = useState(0);
  const quiet = useRef<AbortController | null>(null);
  const finish = useMutation({
    mutationFn: async (answer: () => Promise<PasskeyAnswer>) => beginSession(await signInWithPasskey(await answer())),
    onSuccess: onDone,
    // The browser's offer ended with the question: make it again.
    onError: () => setRound((n) => n + 1),
  });
  const offered = useEffectEvent((answer: PasskeyAnswer) => finish.mutate(() => Promise.resolve(answer)));
  useEffect(() => {
    const stop = new AbortController();
    quiet.current = stop;
    const offer = async (): Promise<void> => {
      if (!(await offersPasskeys()) || stop.signal.aborted) return;
      offered(await answerWithPasskey(await beginPasskeySignIn(), { quiet: true, signal: stop.signal }));
    };
    // Whoever never asked for a passkey need not hear that there was none.
    offer().catch(() => undefined);
    return () => stop.abort();
  }, [round]);
  const ask = (): void => {
    // A browser asks one question at a time.
    quiet.current?.abort();
    finish.mutate(async () => answerWithPasskey(await beginPasskeySignIn()));
  };
  const leave = useMutation({ mutationFn: async (id: string) => goTo((await beginExternalSignIn(id)).url, returnTo) });
  const providers = external.data?.items ?? [];
  const passkeys = hasPasskeys();
  if (!passkeys && providers.length === 0) return null;
  return (
    <div className="mt-6 flex flex-col gap-3">
      <p className="flex items-center gap-3 text-sm text-ink-2 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t("or")}</p>
      {passkeys && <Button busy={finish.isPending} onClick={ask}><KeyRound className="size-4.5" aria-hidden="true" />{t("signIn.passkey")}</Button>}
      <WhyNot error={finish.error} />
      {providers.map(({ id, name }) => (
        <Button key={id} busy={leave.isPending && leave.variables === id} onClick={() => leave.mutate(id)}><LogIn className="size-4.5 rtl:-scale-x-100" aria-hidden="true" />{t("signIn.with", { name })}</Button>
      ))}
      <WhyNot error={leave.error} />
    </div>
  );
}
