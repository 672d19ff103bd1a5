import { Download, LifeBuoy, Printer } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { useT } from "./text";

/** New recovery codes, this once. They stay on the page and not in a dialog, which a slip would close. */
export function RecoveryCodeList({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const title = t("codes.of", { host: location.host });
  const plain = codes.join("\n");
  return (
    <section aria-labelledby="recovery-codes">
      <h3 ref={heading} id="recovery-codes" tabIndex={-1} className="flex items-center gap-2.5 font-semibold outline-none"><LifeBuoy className="size-5 text-jean-ink" aria-hidden="true" />{t("codes.title")}</h3>
      <p className="mt-1 text-ink-2">{t("codes.text")}</p>
      <div data-printed className="mt-4 rounded-md bg-surface-2 px-4 py-3">
        <p className="hidden pb-4 font-semibold print:block">{title}</p>
        <ol dir="ltr" className="grid gap-x-8 gap-y-1.5 font-mono text-sm sm:grid-cols-2">{codes.map((code) => <li key={code} className="select-all">{code}</li>)}</ol>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <CopyButton text={plain} label={t("codes.copy")} />
        <Button onClick={() => save(`${title}\n\n${plain}\n`)}><Download className="size-4" aria-hidden="true" />{t("codes.download")}</Button>
        <Button onClick={() => print()}><Printer className="size-4" aria-hidden="true" />{t("codes.print")}</Button>
        <Button look="primary" className="ms-auto max-sm:w-full" onClick={onDone}>{t("codes.done")}</Button>
      </div>
    </section>
  );
}

/** Hands the codes to the browser's downloads. */
function save(text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = "jeantrail-recovery-codes.txt";
  link.click();
  // Only after the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
