import { Link } from "@tanstack/react-router";
import { MessageSquareLock } from "lucide-react";
import { useT } from "./text";

/** Beside "new conversation". */
export default function Begin({ onPick }: { onPick?: () => void }) {
  const t = useT();
  return (
    <Link to="/chat/private/$privateId" params={{ privateId: "new" }} title={t("new")} aria-label={t("new")} {...(onPick ? { onClick: onPick } : {})} className="grid size-9 min-h-row shrink-0 place-items-center rounded-md text-ink-2 hover:bg-surface-2 hover:text-ink-1 pointer-coarse:size-11">
      <MessageSquareLock className="size-4.5" aria-hidden="true" />
    </Link>
  );
}
