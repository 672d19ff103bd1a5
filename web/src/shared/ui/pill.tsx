import type { ReactNode } from "react";
import { cx } from "./cx";

const tones = { ok: "bg-ok-soft text-ok-ink", warn: "bg-warn-soft text-warn-ink", bad: "bg-bad-soft text-bad-ink", jean: "bg-jean-soft text-jean-ink", plain: "bg-surface-2 text-ink-2" };
export type Tone = keyof typeof tones;

/** A word or two about a state. The word says it; the colour only helps to find it. */
export function Pill({ tone = "plain", children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return <span className={cx("inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-full px-2.5 text-sm font-medium whitespace-nowrap", tones[tone], className)}>{children}</span>;
}

/** A name the machine gave or reads: left to right, whatever surrounds it, and broken rather than pushed out of its place. As large as what surrounds it looks. */
export function Code({ children, className }: { children: ReactNode; className?: string }) {
  return <span dir="ltr" className={cx("inline-block max-w-full font-mono text-[0.875em] [overflow-wrap:anywhere]", className)}>{children}</span>;
}
