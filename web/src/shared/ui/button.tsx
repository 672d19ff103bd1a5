import type { ComponentProps } from "react";
import { cx } from "./cx";

type Look = "primary" | "quiet" | "plain" | "jean" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  jean: "bg-jean text-on-jean hover:brightness-105",
  quiet: "border border-line bg-surface-1 text-ink-1 hover:bg-surface-2",
  plain: "text-ink-2 hover:bg-surface-2 hover:text-ink-1",
  danger: "border border-line bg-surface-1 text-bad-ink hover:bg-bad-soft",
};
const base = "inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium select-none transition-colors disabled:cursor-not-allowed disabled:opacity-55";

/** For links that look like buttons. */
export const buttonClass = (look: Look = "quiet", className?: string): string => cx(base, "min-h-row px-4", looks[look], className);

export function Button({ look = "quiet", busy = false, className, children, disabled, ...rest }: ComponentProps<"button"> & { look?: Look; busy?: boolean }) {
  return (
    <button type="button" {...rest} disabled={disabled || busy} aria-busy={busy || undefined} className={buttonClass(look, className)}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** A button that shows only an icon; the label is for those who do not see it, and the tooltip. */
export function IconButton({ label, look = "plain", className, ...rest }: Omit<ComponentProps<"button">, "aria-label"> & { label: string; look?: Look }) {
  return <button type="button" title={label} {...rest} aria-label={label} className={cx(base, "size-row", looks[look], className)} />;
}

export function Spinner({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx("inline-block size-4 animate-spin rounded-full border-2 border-current border-e-transparent", className)} />;
}
