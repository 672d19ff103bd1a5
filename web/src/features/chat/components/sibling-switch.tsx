import { ChevronLeft, ChevronRight } from "lucide-react";
import type { Ref } from "react";
import { formatNumber } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { IconButton } from "@/shared/ui/button";
import { useT } from "../text";

const small = "size-8! pointer-coarse:size-11!";

interface SiblingSwitchProps {
  /** Of the shown version. */
  id: string;
  siblingIds: readonly string[];
  disabled: boolean;
  onGo: (id: string, step: -1 | 1) => void;
  ref?: Ref<HTMLSpanElement>;
}

/** The versions of a message: which of how many is shown, and the way to its neighbours. */
export function SiblingSwitch({ id, siblingIds, disabled, onGo, ref }: SiblingSwitchProps) {
  const t = useT();
  const locale = useLocale();
  const at = siblingIds.indexOf(id);
  if (siblingIds.length < 2 || at < 0) return null;
  const go = (step: -1 | 1): void => onGo(siblingIds[at + step]!, step);
  const here = at + 1;
  const count = siblingIds.length;
  return (
    <span ref={ref} className="inline-flex shrink-0 items-center" role="group" aria-label={t("siblings.label", { at: here, count })}>
      <IconButton label={t("siblings.before")} className={small} disabled={disabled || at === 0} onClick={() => go(-1)}><ChevronLeft className="size-4 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
      <span className="text-sm whitespace-nowrap tabular-nums" aria-hidden="true">{formatNumber(here, locale)} / {formatNumber(count, locale)}</span>
      <IconButton label={t("siblings.after")} className={small} disabled={disabled || here === count} onClick={() => go(1)}><ChevronRight className="size-4 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
    </span>
  );
}
