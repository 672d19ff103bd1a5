import { CloudOff, RefreshCw } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useCommon } from "@/shared/i18n/common";
import { useLive } from "@/shared/live/live";

const follow = (changed: () => void): (() => void) => {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
};

/** One quiet line when the network or the server is away; short breaks say nothing. */
export function ConnectionBanner() {
  const t = useCommon();
  const online = useSyncExternalStore(follow, () => navigator.onLine);
  const lost = useLive((s) => s.state === "reconnecting");
  const away = useHolds(lost, 3_000);
  const message = !online ? t("state.offline") : away ? t("state.reconnecting") : null;
  return (
    <div role="status">
      {message && (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-1.5 text-center text-sm font-medium text-warn-ink">
          {online ? <RefreshCw className="size-4 shrink-0 animate-spin" aria-hidden="true" /> : <CloudOff className="size-4 shrink-0" aria-hidden="true" />}
          {message}
        </p>
      )}
    </div>
  );
}

/** True once `value` has been true for a while. */
function useHolds(value: boolean, ms: number): boolean {
  const [since, setSince] = useState<boolean>(false);
  useEffect(() => {
    if (!value) return;
    const timer = setTimeout(() => setSince(true), ms);
    return () => {
      clearTimeout(timer);
      setSince(false);
    };
  }, [value, ms]);
  return value && since;
}
