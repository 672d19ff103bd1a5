import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { IconButton } from "@/shared/ui/button";
import { useT } from "../console/text";

/** What moves a row of an ordered list, and takes it away. */
export function RowTools({ name, first, last, onMove, onRemove }: { name: string; first: boolean; last: boolean; onMove: (by: 1 | -1) => void; onRemove: (() => void) | null }) {
  const t = useT();
  return (
    <span className="-my-1 flex shrink-0">
      <IconButton label={t("row.up", { name })} disabled={first} onClick={() => onMove(-1)}><ArrowUp className="size-4" aria-hidden="true" /></IconButton>
      <IconButton label={t("row.down", { name })} disabled={last} onClick={() => onMove(1)}><ArrowDown className="size-4" aria-hidden="true" /></IconButton>
      {onRemove && <IconButton label={t("row.remove", { name })} onClick={onRemove}><Trash2 className="size-4" aria-hidden="true" /></IconButton>}
    </span>
  );
}
