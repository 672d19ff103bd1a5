import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Import } from "@/shared/api/types";
import { formatNumber } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { ErrorNote } from "@/shared/ui/states";
import { cancelImport, importKeys, isOpen } from "./queries";
import { useT } from "./text";

const percent = { style: "percent", maximumFractionDigits: 0 } as const;
const left = ["tools", "thoughts", "system", "media", "files", "marks", "storage"] as const;
const reasons = ["empty", "malformed", "too-large", "unknown-shape"] as const;

/** How an import stands, or what came of it. */
export function ImportView({ item }: { item: Import }) {
  const t = useT();
  const locale = useLocale();
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const name = item.fileName;
  const running = isOpen(item);
  const title = item.state === "queued" ? "import.waiting" : item.state === "running" ? "import.running" : item.state === "failed" ? "import.failed" : "import.done";
  const cancel = (): void => void cancelImport(item.id).catch(setError).finally(() => void queryClient.invalidateQueries({ queryKey: importKeys.all }));
  return (
    <section aria-label={name} className="flex flex-col gap-2 rounded-md bg-surface-2 p-4">
      <p role="status" className="font-medium wrap-anywhere">{t(title, { name })}</p>
      {running && (
        <div className="flex items-center gap-3">
          <progress value={item.progress} max={1} aria-label={t("import.running", { name })} className="h-2 min-w-0 flex-1 accent-jean" />
          <span className="text-sm tabular-nums">{formatNumber(item.progress, locale, percent)}</span>
          <Button onClick={cancel}>{t("import.cancel")}</Button>
        </div>
      )}
      {item.state === "cancelled" && <p>{t("import.cancelled")}</p>}
      {item.state === "failed" && <p className="text-bad-ink" dir="auto">{item.errorDetail}</p>}
      {Boolean(error) && <ErrorNote error={error} />}
      <Report item={item} />
    </section>
  );
}

function Report({ item: { report } }: { item: Import }) {
  const t = useT();
  const counts = (["taken", "grown", "already", "messages", "files"] as const).filter((one) => report[one] > 0);
  const leftOut = left.filter((kind) => (report.leftOut[kind] ?? 0) > 0);
  return (
    <>
      {counts.length > 0 && <ul className="text-sm text-ink-2">{counts.map((one) => <li key={one}>{t(`report.${one}`, { count: report[one] })}</li>)}</ul>}
      {report.skipped > 0 && (
        <details className="text-sm">
          <summary className="flex min-h-11 cursor-pointer items-center text-warn-ink">{t("report.skipped", { count: report.skipped })}</summary>
          <ul className="ms-4 list-disc text-ink-2">{report.skippedItems.map((one, i) => <li key={i}><bdi>{one.title || t("report.untitled")}</bdi>: {t(`reason.${reasons.find((reason) => reason === one.reason) ?? "malformed"}`)}</li>)}</ul>
        </details>
      )}
      {leftOut.length > 0 && (
        <details className="text-sm">
          <summary className="flex min-h-11 cursor-pointer items-center">{t("report.left")}</summary>
          <ul className="ms-4 list-disc text-ink-2">{leftOut.map((kind) => <li key={kind}>{t(`left.${kind}`, { count: report.leftOut[kind] ?? 0 })}</li>)}</ul>
        </details>
      )}
    </>
  );
}
