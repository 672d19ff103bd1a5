import type { Dashboard } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { Code } from "@/shared/ui/pill";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { faultWords } from "./outcome";

/** What went wrong, most often first, and on whose side. */
export function Faults({ faults, calls }: { faults: Dashboard["faults"]; calls: number }) {
  const t = useT();
  const common = useCommon();
  const amounts = useAmounts();
  if (faults.length === 0) return <p className="text-ink-2">{t(calls === 0 ? "faults.idle" : "faults.none")}</p>;
  const most = Math.max(...faults.map((f) => f.calls));
  return (
    <ul className="flex flex-col gap-3">
      {faults.map((fault) => (
        <li key={`${fault.code} ${fault.blame}`}>
          <div className="flex items-baseline justify-between gap-4">
            <span className="min-w-0">{faultWords(fault.code)}</span>
            <span dir="ltr" className="tabular font-medium">{amounts.short(fault.calls)}</span>
          </div>
          <div aria-hidden="true" className="mt-1 h-1.5 rounded-full bg-surface-2"><div className="h-full min-w-1.5 rounded-full bg-bad" style={{ inlineSize: `${(fault.calls / most) * 100}%` }} /></div>
          <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-ink-2">
            {fault.code && <Code>{fault.code}</Code>}
            {(fault.blame === "upstream" || fault.blame === "server" || fault.blame === "client") && <span>{t(`blame.${fault.blame}`)}</span>}
            <span>{t("faults.last", { ago: formatAgo(fault.lastAt, common) })}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
