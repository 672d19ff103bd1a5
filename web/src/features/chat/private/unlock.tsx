import { useState } from "react";
import type { PrivatePair } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { openVault, readCode, unwrap, type NewPair } from "./crypto";
import { useT } from "./text";
import { unlock } from "./vault";

/** Asks for the passphrase, or for the code, and has the private half open it. */
export function AskSecret({ pair, label, onOpened }: { pair: PrivatePair; label: string; onOpened: (opened: NewPair) => void | Promise<void> }) {
  const t = useT();
  const [secret, setSecret] = useState("");
  const [byCode, setByCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setWrong(false);
    const opened = await (byCode ? unwrap(pair.recovery, pair.publicKey, readCode(secret)) : unwrap(pair.passphrase, pair.publicKey, secret));
    setBusy(false);
    if (!opened) return setWrong(true);
    await onOpened(opened);
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <TextField
        key={String(byCode)} label={t(byCode ? "unlock.code" : "unlock.passphrase")} error={wrong ? t(byCode ? "unlock.wrongCode" : "unlock.wrong") : undefined} required autoFocus
        type={byCode ? "text" : "password"} autoComplete={byCode ? "off" : "current-password"} dir={byCode ? "ltr" : "auto"} spellCheck={false} value={secret} maxLength={1_000}
        onChange={(e) => { setSecret(e.target.value); setWrong(false); }}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button look="plain" className="px-2!" onClick={() => { setByCode(!byCode); setSecret(""); setWrong(false); }}>{t(byCode ? "unlock.byPassphrase" : "unlock.byCode")}</Button>
        <Button type="submit" look="primary" busy={busy}>{label}</Button>
      </div>
    </form>
  );
}

export function Unlock({ pair, onDone }: { pair: PrivatePair; onDone?: () => void }) {
  const t = useT();
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-2">{t("unlock.text")}</p>
      <AskSecret pair={pair} label={t("unlock")} onOpened={async (opened) => { unlock(await openVault(opened)); onDone?.(); }} />
    </div>
  );
}
