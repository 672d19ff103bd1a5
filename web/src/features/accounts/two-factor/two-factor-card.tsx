import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { TotpSetup, TwoFactor } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { withProof } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { Card } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { Refusal } from "../refusal";
import { beginTotp, removeTotp, renewRecoveryCodes, twoFactorQuery } from "./queries";
import { RecoveryCodeList } from "./recovery-codes";
import { useT } from "./text";
import { TotpSetupSteps } from "./totp-setup";

const fewCodes = 3;

/** The second factor of one's own account: turning it on, its recovery codes, turning it off. */
export function TwoFactorCard() {
  const t = useT();
  const queryClient = useQueryClient();
  const state = useQuery(twoFactorQuery);
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  // Turning it on ends the other sessions, which this page lists too.
  const renew = () => queryClient.invalidateQueries({ queryKey: ["accounts"], predicate: (query) => query.queryKey[1] !== "session" });
  const show = (next: readonly string[]): void => {
    setSetup(null);
    setCodes(next);
    void renew();
  };
  return (
    <Card title={t("title")} text={setup ?? codes ? undefined : t("text")} aside={state.data?.on && <Pill tone="ok"><ShieldCheck className="size-4" aria-hidden="true" />{t("on")}</Pill>}>
      {codes ? <RecoveryCodeList codes={codes} onDone={() => setCodes(null)} />
        : setup ? <TotpSetupSteps setup={setup} onDone={show} onCancel={() => setSetup(null)} />
          : state.data?.on ? <TurnedOn state={state.data} onCodes={show} onOff={renew} />
            : state.data ? <TurnedOff onBegun={setSetup} />
              : state.error ? <ErrorNote error={state.error} retry={() => void state.refetch()} /> : <Skeleton rows={2} />}
    </Card>
  );
}

function TurnedOff({ onBegun }: { onBegun: (setup: TotpSetup) => void }) {
  const t = useT();
  const begin = useMutation({ mutationFn: () => withProof(beginTotp), onSuccess: onBegun });
  return (
    <>
      <Button busy={begin.isPending} onClick={() => begin.mutate()}>{t("turnOn")}</Button>
      <Refusal error={begin.error} className="mt-3" />
    </>
  );
}

function TurnedOn({ state, onCodes, onOff }: { state: TwoFactor; onCodes: (codes: readonly string[]) => void; onOff: () => unknown }) {
  const t = useT();
  const locale = useLocale();
  const [leaving, setLeaving] = useState(false);
  const renew = useMutation({ mutationFn: () => withProof(renewRecoveryCodes), onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes) });
  const remove = useMutation({ mutationFn: () => withProof(removeTotp), onSuccess: onOff });
  return (
    <>
      <p className="text-sm text-ink-2">{state.since && <>{t("on.since", { date: formatDate(state.since, locale, { dateStyle: "medium" }) })} · </>}{t("left", { count: state.recoveryCodesLeft })}</p>
      {state.recoveryCodesLeft <= fewCodes && <Note tone="warn" className="mt-3">{t("left.few")}</Note>}
      {leaving ? (
        <ConfirmNote className="mt-4" text={t("turnOff.text")} label={t("turnOff")} busy={remove.isPending} onConfirm={() => remove.mutate()} onCancel={() => setLeaving(false)} />
      ) : (
        <div className="mt-4 flex flex-wrap gap-2">
          <Button busy={renew.isPending} onClick={() => renew.mutate()}>{t("renew")}</Button>
          <Button look="danger" onClick={() => setLeaving(true)}>{t("turnOff")}</Button>
        </div>
      )}
      <Refusal error={renew.error ?? remove.error} className="mt-3" />
    </>
  );
}
