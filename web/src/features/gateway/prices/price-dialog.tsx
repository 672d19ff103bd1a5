import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Disclosure } from "@/shared/ui/disclosure";
import { SuggestField, TextField } from "@/shared/ui/field";
import { ErrorNote, Note } from "@/shared/ui/states";
import { matchesPattern } from "../keys/key-form";
import { modelsQuery } from "../queries";
import type { AmountName } from "./amount";
import { amountFaults, hasAmount, lineOf, momentOf, patternFault, type PriceDraft } from "./price-form";
import { patternsOf, pricedModels } from "./price-list";
import { pricesKey, setPrice } from "./queries";
import { useT } from "./text";
import { WhenFields } from "./when-fields";

const main: readonly AmountName[] = ["input", "output", "cachedInput"];
const further: readonly AmountName[] = ["cacheWrite", "reasoning", "request", "image", "audioSecond", "character"];

interface PriceDialogProps {
  start: PriceDraft;
  /** A pattern that has prices already: only what it costs is asked then. */
  known: boolean;
  onClose: () => void;
}

/** A new version of what a pattern's models cost. The earlier ones stay in the history. */
export function PriceDialog({ start, known, onClose }: PriceDialogProps) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const models = pricedModels(useQuery(modelsQuery).data ?? []);
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const set = (part: Partial<PriceDraft>): void => setDraft((d) => ({ ...d, ...part }));
  const save = useMutation({
    mutationFn: (validFrom: string | null) => setPrice(lineOf(draft, validFrom)),
    onSuccess: onClose,
    onSettled: () => queryClient.invalidateQueries({ queryKey: pricesKey }),
  });
  const fault = isApiError(save.error) ? save.error : null;
  const pattern = draft.pattern.trim();
  const wrongPattern = patternFault(pattern);
  const wrong = amountFaults(draft.amounts);
  const none = !hasAmount(draft.amounts);
  const patternError = tried && wrongPattern ? t(`pattern.${wrongPattern}`) : fault?.field("pattern");
  const matching = models.filter((model) => matchesPattern(pattern, model)).length;
  const submit = (): void => {
    setTried(true);
    const moment = momentOf(draft, new Date());
    if (!wrongPattern && wrong.length === 0 && !none && moment !== undefined) save.mutate(moment);
  };
  const field = (name: AmountName) => (
    <TextField
      key={name} label={t(`amount.${name}`)} value={draft.amounts[name]} onChange={(e) => set({ amounts: { ...draft.amounts, [name]: e.target.value } })}
      placeholder={name === "cachedInput" || name === "cacheWrite" ? t("amount.asInput") : name === "reasoning" ? t("amount.asOutput") : "0.00"}
      type="text" inputMode="decimal" autoComplete="off" dir={draft.amounts[name] ? "ltr" : undefined} className="tabular rtl:text-end" autoFocus={known && name === "input"}
      error={tried && wrong.includes(name) ? t(name === "character" ? "amount.invalid.whole" : "amount.invalid") : undefined}
    />
  );
  return (
    <Dialog open onClose={onClose} title={known ? t("set.again", { name: start.pattern }) : t("set")}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        {!known && (
          <SuggestField
            label={t("pattern")} value={draft.pattern} onChange={(e) => set({ pattern: e.target.value })} suggestions={patternsOf(models)} placeholder="provider/model" maxLength={200} required autoFocus
            hint={wrongPattern ? t("pattern.hint") : t("pattern.matches", { count: matching })} error={patternError}
          />
        )}
        <fieldset>
          <legend className="mb-2 font-medium">{t("amounts.tokens")}</legend>
          <div className="grid gap-3 sm:grid-cols-3">{main.map(field)}</div>
        </fieldset>
        <Disclosure label={t("amounts.further")} open={further.some((name) => start.amounts[name] !== "" || (tried && wrong.includes(name)))}>
          <div className="grid gap-3 pt-2 sm:grid-cols-2">{further.map(field)}</div>
        </Disclosure>
        <WhenFields label={t("when")} draft={draft} onChange={set} error={tried && momentOf(draft, new Date()) === undefined ? t("when.over") : fault?.field("validFrom")} />
        {tried && none && <Note tone="bad"><span role="alert">{t("amounts.needed")}</span></Note>}
        {save.error && !fault?.field("pattern") && !fault?.field("validFrom") && (fault?.code === "gateway.price_unchanged" ? <Note tone="warn"><span role="alert">{t("unchanged")}</span></Note> : <ErrorNote error={save.error} />)}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="primary" busy={save.isPending}>{t("set.do")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
