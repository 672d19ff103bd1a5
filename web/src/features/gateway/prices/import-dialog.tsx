import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileUp, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { isApiError } from "@/shared/api/error";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Code } from "@/shared/ui/pill";
import { ErrorNote, Note } from "@/shared/ui/states";
import { importPrices, pricesKey } from "./queries";
import { useT } from "./text";

/** Takes a file of prices, in the form of the export: all of its lines or none. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const id = useId();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const take = useMutation({ mutationFn: importPrices, onSettled: () => queryClient.invalidateQueries({ queryKey: pricesKey }) });
  const submit = (): void => {
    setMissing(!file);
    if (file) take.mutate(file);
  };
  return (
    <Dialog open onClose={onClose} title={t("import.title")}>
      <form noValidate className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); submit(); }}>
        <p className="text-ink-2">{t("import.text")}</p>
        <Code className="rounded-md bg-surface-2 px-3 py-2 whitespace-pre-wrap">{"pattern,inputMicros,outputMicros\nopenai/*,400000,1600000"}</Code>
        <p className="text-sm text-ink-2">{t("import.units")}</p>
        <div className="flex flex-col gap-1.5">
          <label htmlFor={id} className="text-sm font-medium">{t("import.file")}</label>
          <input
            id={id} type="file" accept=".csv,text/csv" aria-invalid={missing || undefined} aria-describedby={missing ? `${id}-note` : undefined} autoFocus
            onChange={(e) => { setFile(e.target.files?.[0] ?? null); setMissing(false); take.reset(); }}
            className="min-h-row w-full rounded-md border border-dashed border-line-strong p-2 text-sm text-ink-2 file:me-3 file:min-h-9 file:cursor-pointer file:rounded-md file:border-0 file:bg-surface-2 file:px-3 file:font-medium file:text-ink-1 hover:border-ink-3 aria-invalid:border-bad"
          />
          {missing && <p id={`${id}-note`} className="text-sm text-bad-ink">{t("import.needed")}</p>}
        </div>
        {take.error && <Refused error={take.error} />}
        {take.data && (
          <Note tone="ok"><span role="status">{t("import.added", { count: take.data.added })}{take.data.unchanged > 0 && ` ${t("import.unchanged", { count: take.data.unchanged })}`}</span></Note>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {take.data ? (
            <Button look="primary" onClick={onClose}>{common("action.close")}</Button>
          ) : (
            <>
              <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
              <Button type="submit" look="primary" busy={take.isPending}><FileUp className="size-4" aria-hidden="true" />{t("import.do")}</Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Which line is wrong only the server knows, and it says so in English. */
function Refused({ error }: { error: unknown }) {
  const t = useT();
  const said = isApiError(error) ? Object.values(error.problem.errors ?? {}).flat() : [];
  if (said.length === 0) return <ErrorNote error={error} />;
  return (
    <Note tone="bad" icon={TriangleAlert}>
      <div role="alert">
        <p className="font-medium">{t("import.refused")}</p>
        {said.map((sentence) => <p key={sentence} dir="ltr" lang="en" className="rtl:text-end">{sentence}</p>)}
      </div>
    </Note>
  );
}
