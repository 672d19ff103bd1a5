import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, Upload } from "lucide-react";
import { useRef, useState } from "react";
import type { Import } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Card, Page, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { ExportFields } from "./export-fields";
import { ImportView } from "./import-view";
import { download, exportPath, importKeys, importsQuery, isOpen, startImport, type ExportFormat } from "./queries";
import { useT } from "./text";

/** All conversations out as a file, and conversations of elsewhere in. */
export function TransferPage() {
  const t = useT();
  return (
    <Page>
      <div className="flex flex-col gap-5">
        <PageTitle title={t("page.title")} />
        <p className="-mt-3 text-ink-2">{t("page.text")}</p>
        <ImportCard />
        <ExportCard />
      </div>
    </Page>
  );
}

function ExportCard() {
  const t = useT();
  const [format, setFormat] = useState<ExportFormat>("json");
  const [files, setFiles] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    await download(exportPath(null, { format, scope: "all", messages: [], files: files && format !== "csv", language: currentLocale() }), format).catch(setError);
    setBusy(false);
  };
  return (
    <Card title={t("all.title")} text={t("all.text")}>
      <div className="flex flex-col gap-4">
        <ExportFields format={format} onFormat={setFormat} files={files} onFiles={setFiles} />
        {Boolean(error) && <ErrorNote error={error} />}
        <Button look="primary" busy={busy} onClick={() => void run()} className="self-start"><Download className="size-4.5" aria-hidden="true" />{t(busy ? "export.preparing" : "export.do")}</Button>
      </div>
    </Card>
  );
}

function ImportCard() {
  const t = useT();
  const queryClient = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const query = useQuery(importsQuery);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const open = query.data?.some(isOpen) ?? false;
  const begin = async (file: File | undefined): Promise<void> => {
    if (!file || busy || open) return;
    setBusy(true);
    setError(null);
    try {
      const begun = await startImport(file);
      queryClient.setQueryData<Import[]>(importKeys.all, (all) => [begun, ...(all ?? [])]);
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  const [latest, ...before] = query.data ?? [];
  return (
    <Card title={t("import.title")} text={t("import.text")}>
      <div className="flex flex-col gap-4">
        {!open && (
          <div
            onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
            onDrop={(e) => { e.preventDefault(); setOver(false); void begin(e.dataTransfer.files[0]); }}
            className={cx("flex flex-wrap items-center gap-3 rounded-md border border-dashed p-4 transition-colors", over ? "border-jean bg-jean-soft" : "border-line-strong")}
          >
            <input ref={picker} type="file" accept=".json,.zip,application/json,application/zip" className="sr-only" tabIndex={-1} aria-hidden="true" onChange={(e) => { void begin(e.target.files?.[0]); e.target.value = ""; }} />
            <Button look="primary" busy={busy} onClick={() => picker.current?.click()}><Upload className="size-4.5" aria-hidden="true" />{t(busy ? "import.uploading" : "import.choose")}</Button>
            <span className="text-ink-2 pointer-coarse:hidden">{t("import.drop")}</span>
          </div>
        )}
        {Boolean(error) && <ErrorNote error={error} />}
        {query.isPending && <Skeleton rows={2} />}
        {query.error && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
        {latest && <ImportView key={latest.id} item={latest} />}
        {before.length > 0 && (
          <details>
            <summary className="flex min-h-11 cursor-pointer items-center font-medium">{t("imports.before")}</summary>
            <div className="mt-2 flex flex-col gap-3">{before.map((one) => <ImportView key={one.id} item={one} />)}</div>
          </details>
        )}
      </div>
    </Card>
  );
}
