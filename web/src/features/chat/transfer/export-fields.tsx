import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Switch } from "@/shared/ui/field";
import { formats, formatsQuery, type ExportFormat } from "./queries";
import { useT } from "./text";

/** Which format, and whether with files. */
export function ExportFields({ format, onFormat, files, onFiles }: { format: ExportFormat; onFormat: (format: ExportFormat) => void; files: boolean; onFiles: (files: boolean) => void }) {
  const t = useT();
  const name = useId();
  const { data } = useQuery(formatsQuery);
  return (
    <>
      <fieldset className="flex flex-col">
        <legend className="mb-1 font-medium">{t("export.format")}</legend>
        {formats.map((one) => {
          const missing = one === "pdf" && data?.pdf === false;
          return (
            <label key={one} className="flex min-h-row cursor-pointer items-start gap-3 rounded-md px-2 py-2 hover:bg-surface-2 has-disabled:cursor-not-allowed has-disabled:opacity-60">
              <input type="radio" name={name} value={one} checked={format === one} disabled={missing} onChange={() => onFormat(one)} className="mt-1 size-4.5 shrink-0 accent-jean" />
              <span><bdi className="block font-medium">{t(`format.${one}`)}</bdi><span className="block text-sm text-ink-2">{t(missing ? "export.pdf.missing" : `format.${one}.text`)}</span></span>
            </label>
          );
        })}
      </fieldset>
      {format !== "csv" && <Switch label={t("export.files")} checked={files} onChange={onFiles} />}
    </>
  );
}
