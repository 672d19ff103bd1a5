import { ArrowRight } from "lucide-react";
import type { Call } from "@/shared/api/types";
import { cx } from "@/shared/ui/cx";
import { Code } from "@/shared/ui/pill";

/** Who answered, where that is not who was asked for. */
export function Answerer({ call, className }: { call: Call; className?: string }) {
  if (!call.modelId || call.modelId === call.route) return null;
  return <span className={cx("inline-flex items-baseline gap-1.5 text-ink-2", className)}><ArrowRight className="size-3.5 shrink-0 self-center rtl:-scale-x-100" aria-hidden="true" /><Code>{call.modelId}</Code></span>;
}
