import { useState } from "react";
import { Button } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { Note } from "@/shared/ui/states";
import { useT } from "./text";

/** The code, this once. It goes on only when the person says that it is kept. */
export function RecoveryCode({ code, busy, onKept }: { code: string; busy: boolean; onKept: () => void }) {
  const t = useT();
  const [kept, setKept] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      <p>{t("code.text")}</p>
      <div className="flex flex-wrap items-center gap-2">
        <code dir="ltr" data-secret className="min-h-row min-w-0 flex-1 basis-64 rounded-md bg-surface-2 px-3 py-2.5 font-mono text-sm break-all select-all">{code}</code>
        <CopyButton text={code} label={t("code.copy")} />
      </div>
      <Note tone="warn">{t("code.warning")}</Note>
      <label className="flex min-h-11 cursor-pointer items-center gap-3"><input type="checkbox" checked={kept} onChange={(e) => setKept(e.target.checked)} className="size-5 accent-accent" />{t("code.kept")}</label>
      <div className="flex justify-end"><Button look="primary" disabled={!kept} busy={busy} onClick={onKept}>{t("code.done")}</Button></div>
    </div>
  );
}
