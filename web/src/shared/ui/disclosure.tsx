import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";

/** More, for those who want it: closed until it is asked for. */
export function Disclosure({ label, open, className, children }: { label: ReactNode; open?: boolean; className?: string; children: ReactNode }) {
  return (
    <details open={open} className={cx("group", className)}>
      <summary className="inline-flex min-h-9 cursor-pointer list-none items-center gap-1 rounded-sm text-sm font-medium text-ink-2 hover:text-ink-1 pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:scale-x-100" aria-hidden="true" />
        {label}
      </summary>
      {children}
    </details>
  );
}
