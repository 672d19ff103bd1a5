import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { ErrorNote } from "@/shared/ui/states";
import { atOnce, momentOf, type WhenDraft } from "./price-form";
import { endPrice, pricesKey } from "./queries";
import { useT } from "./text";
import { WhenFields } from "./when-fields";

/** Takes a pattern's price away, now or later. */
export function EndDialog({ pattern, onClose }: { pattern: string; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<WhenDraft>(atOnce);
  const [tried, setTried] = useState(false);
  const end = useMutation({ mutationFn: (from: string | null) => endPrice(pattern, from), onSuccess: onClose, onSettled: () => queryClient.invalidateQueries({ queryKey: pricesKey }) });
  const submit = (): void => {
    setTried(true);
    const moment = momentOf(draft, new Date());
    if (moment !== undefined) end.mutate(moment);
  };
  return (
    <Dialog open onClose={onClose} title={t("end", { name: pattern })}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <p className="text-ink-2">{t("end.text")}</p>
        <WhenFields label={t("end.when")} draft={draft} onChange={(part) => setDraft((d) => ({ ...d, ...part }))} error={tried && momentOf(draft, new Date()) === undefined ? t("when.over") : undefined} />
        {end.error && <ErrorNote error={end.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button type="submit" look="danger" busy={end.isPending}>{t("end.do")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
