import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { PrivatePair } from "@/shared/api/types";
import { withProof } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { Dialog } from "@/shared/ui/dialog";
import { ErrorNote } from "@/shared/ui/states";
import { newCode, wrap, type NewPair } from "./crypto";
import { isGood, nothingTyped, PassphraseFields } from "./passphrase-fields";
import { forgetKey, privateKeys, rewrapKey } from "./queries";
import { RecoveryCode } from "./recovery-code";
import { useT } from "./text";
import { AskSecret } from "./unlock";
import { lock } from "./vault";

/** Another passphrase, another code, or an end to all of it. */
export function KeyDialog({ pair, onClose }: { pair: PrivatePair; onClose: () => void }) {
  const t = useT();
  const [opened, setOpened] = useState<NewPair | null>(null);
  const [typed, setTyped] = useState(nothingTyped);
  const [tried, setTried] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const [forgetting, setForgetting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const navigate = useNavigate();
  const forget = async (): Promise<void> => {
    // Away from what will not be there any more, which the page would ask for.
    await navigate({ to: "/chat" });
    await forgetKey();
    lock();
    queryClient.removeQueries({ queryKey: privateKeys.all });
  };
  const act = async (what: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await withProof(what);
      onClose();
      await queryClient.invalidateQueries({ queryKey: privateKeys.all });
    } catch (fault) {
      if (!isApiError(fault, "accounts.proof_needed")) setError(fault);
    } finally {
      setBusy(false);
    }
  };
  const save = (known: NewPair, kept: string): Promise<void> => act(async () => {
    const [passphrase, recovery] = await Promise.all([wrap(known, typed.first), wrap(known, kept)]);
    await rewrapKey({ publicKey: known.publicKey, passphrase, recovery });
  });
  if (forgetting) {
    return <ConfirmDialog title={t("forget")} text={t("forget.text")} label={t("forget.go")} busy={busy} error={error} onClose={onClose} onConfirm={() => void act(forget)} />;
  }
  return (
    <Dialog open onClose={onClose} title={t(code ? "code.title" : "key.title")}>
      <div className="flex flex-col gap-4">
        {Boolean(error) && <ErrorNote error={error} />}
        {code && opened ? <RecoveryCode code={code} busy={busy} onKept={() => void save(opened, code)} />
          : opened ? (
            <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); setTried(true); if (isGood(typed)) setCode(newCode()); }}>
              <PassphraseFields value={typed} tried={tried} onChange={setTyped} />
              <div className="flex justify-end"><Button type="submit" look="primary">{t("key.go")}</Button></div>
            </form>
          ) : (
            <>
              <p className="text-ink-2">{t("key.text")}</p>
              <AskSecret pair={pair} label={t("key.next")} onOpened={setOpened} />
              <hr className="border-line" />
              <p className="text-ink-2">{t("forget.hint")}</p>
              <div><Button look="danger" onClick={() => setForgetting(true)}>{t("forget")}</Button></div>
            </>
          )}
      </div>
    </Dialog>
  );
}
