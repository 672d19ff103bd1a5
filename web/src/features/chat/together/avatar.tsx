import { cx } from "@/shared/ui/cx";
import type { Doing } from "./presence";
import { useT } from "./text";

const initial = (name: string): string => [...new Intl.Segmenter().segment(name.trim())][0]?.segment.toLocaleUpperCase() ?? "?";

/** The first letter of somebody, and whether they are here. */
export function Avatar({ name, doing }: { name: string; doing: Doing | null }) {
  const t = useT();
  const said = doing ? `${name}: ${t(`doing.${doing}`)}` : name;
  return (
    <span title={said} role="img" aria-label={said} className={cx("relative grid size-8 shrink-0 place-items-center rounded-full border-2 border-surface-1 bg-surface-3 text-sm font-semibold", doing === "away" && "opacity-60")}>
      <span aria-hidden="true">{initial(name)}</span>
      {doing && <span aria-hidden="true" className={cx("absolute -end-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-surface-1", doing === "away" ? "bg-ink-3" : "bg-jean", doing === "typing" && "animate-pulse")} />}
    </span>
  );
}
