import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { isApiError } from "@/shared/api/error";
import type { TotpSetup } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button, buttonClass } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { ErrorNote } from "@/shared/ui/states";
import { CodeField } from "./code-field";
import { confirmTotp } from "./queries";
import { useT } from "./text";

/** The secret goes into the app, and the app's first code comes back. */
export function TotpSetupSteps({ setup, onDone, onCancel }: { setup: TotpSetup; onDone: (codes: readonly string[]) => void; onCancel: () => void }) {
  const t = useT();
  const common = useCommon();
  const [code, setCode] = useState("");
  const confirm = useMutation({ mutationFn: () => confirmTotp(code.trim()), onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes) });
  const wrong = isApiError(confirm.error, "accounts.code_wrong");
  return (
    <ol className="flex flex-col gap-6">
      <Step number={1} title={t("setup.scan")}>
        <p className="text-ink-2">{t("setup.scan.text")}</p>
        <img src={`data:image/svg+xml;utf8,${encodeURIComponent(setup.qrCode)}`} alt={t("setup.picture")} className="mt-4 size-52 rounded-md border border-line bg-white" />
        <p className="mt-4 text-sm font-medium">{t("setup.type")}</p>
        <div className="mt-1.5 flex flex-wrap items-center gap-2">
          <code dir="ltr" className="min-h-row min-w-0 flex-1 basis-64 rounded-md bg-surface-2 px-3 py-2.5 font-mono text-sm break-all select-all">{setup.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
          <CopyButton text={setup.secret} label={t("setup.copy")} />
        </div>
        <a href={setup.uri} className={buttonClass("plain", "mt-2 -ms-4")}>{t("setup.open")}</a>
      </Step>
      <Step number={2} title={t("setup.confirm")}>
        <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); confirm.mutate(); }}>
          <CodeField value={code} onChange={(value) => { setCode(value); if (confirm.error) confirm.reset(); }} error={wrong ? t("code.wrong") : undefined} />
          <p className="text-sm text-ink-2">{t("setup.others")}</p>
          {confirm.error && !wrong && <ErrorNote error={confirm.error} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" busy={confirm.isPending}>{t("turnOn")}</Button>
            <Button onClick={onCancel}>{common("action.cancel")}</Button>
          </div>
        </form>
      </Step>
    </ol>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span aria-hidden="true" className="tabular grid size-7 shrink-0 place-items-center rounded-full bg-surface-2 text-sm font-semibold">{number}</span>
      <div className="min-w-0 flex-1 pt-0.5"><h3 className="mb-2 font-medium">{title}</h3>{children}</div>
    </li>
  );
}
