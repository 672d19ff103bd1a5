import { ArrowUpRight, Plug } from "lucide-react";
import type { ClientAction } from "@/shared/api/types";
import { buttonClass } from "@/shared/ui/button";
import { runClientAction, targetOf } from "../client-actions";
import { useT } from "../text";

/** What the person can do about an answer: connect a model, open a page. */
export function ActionButtons({ actions }: { actions: readonly ClientAction[] }) {
  const t = useT();
  const shown = actions.filter((action) => targetOf(action) !== null);
  if (shown.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {shown.map((action, i) => {
        const connect = action.kind === "connect-model";
        const Icon = connect ? Plug : ArrowUpRight;
        return (
          <button key={i} type="button" onClick={() => runClientAction(action, true)} className={buttonClass(connect ? "jean" : "quiet")}>
            <Icon className="size-4 rtl:-scale-x-100" aria-hidden="true" />
            <span dir="auto">{action.label ?? t(connect ? "action.connect" : "action.open")}</span>
          </button>
        );
      })}
    </div>
  );
}
