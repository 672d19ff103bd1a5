import { MessageSquareLock } from "lucide-react";
import { useState } from "react";
import { queryClient } from "@/shared/api/query-client";
import { Button } from "@/shared/ui/button";
import { ErrorNote, Note } from "@/shared/ui/states";
import { makePair, newCode, openVault, wrap } from "./crypto";
import { isGood, nothingTyped, PassphraseFields } from "./passphrase-fields";
import { addKey, privateKeys } from "./queries";
import { RecoveryCode } from "./recovery-code";
import { useT } from "./text";
import { unlock } from "./vault";

const limits = ["search", "share", "memory", "title", "files", "lost", "server"] as const;

/** What private means, what it costs, a passphrase, a code. Nothing is made before the code is kept. */
export function SetUp() {
  const t = useT();
  const [typed, setTyped] = useState(nothingTyped);
  const [tried, setTried] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = async (kept: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const pair = await makePair();
      const [passphrase, recovery] = await Promise.all([wrap(pair, typed.first), wrap(pair, kept)]);
      await addKey({ publicKey: pair.publicKey, passphrase, recovery });
      unlock(await openVault(pair));
    } catch (fault) {
      setError(fault);
      setCode(null);
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey: privateKeys.key });
    }
  };
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-5 px-4 py-6 sm:px-6">
      <h2 className="flex items-center gap-2.5 text-lg font-semibold"><MessageSquareLock className="size-5.5 shrink-0 text-accent-ink" aria-hidden="true" />{t(code ? "code.title" : "setup.title")}</h2>
      {Boolean(error) && <ErrorNote error={error} />}
      {code ? <RecoveryCode code={code} busy={busy} onKept={() => void make(code)} /> : (
        <>
          <p className="text-ink-2">{t("setup.text")}</p>
          <Note tone="plain">
            <p className="font-medium">{t("setup.limits")}</p>
            <ul className="mt-1 list-disc ps-5">{limits.map((limit) => <li key={limit}>{t(`limit.${limit}`)}</li>)}</ul>
          </Note>
          <form
            noValidate className="flex flex-col gap-4"
            onSubmit={(e) => {
              e.preventDefault();
              setTried(true);
              if (isGood(typed)) setCode(newCode());
            }}
          >
            <PassphraseFields value={typed} tried={tried} onChange={setTyped} />
            <div className="flex justify-end"><Button type="submit" look="primary">{t("setup.go")}</Button></div>
          </form>
        </>
      )}
    </div>
  );
}
