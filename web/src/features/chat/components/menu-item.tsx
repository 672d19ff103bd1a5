import type { ReactNode } from "react";
import { cx } from "@/shared/ui/cx";

/** A line of a conversation's menu. */
export function MenuItem({ icon, bad = false, onClick, children }: { icon: ReactNode; bad?: boolean; onClick: () => void; children: ReactNode }) {
  return <button type="button" onClick={onClick} className={cx("flex min-h-10 w-full items-center gap-3 rounded-sm px-3 text-start hover:bg-surface-2 pointer-coarse:min-h-11", bad && "text-bad-ink")}>{icon}{children}</button>;
}
