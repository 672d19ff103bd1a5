import { X } from "lucide-react";
import { useEffect } from "react";
import { create } from "zustand";
import { useCommon } from "@/shared/i18n/common";
import { IconButton } from "./button";
import { cx } from "./cx";

export interface Toast {
  text: string;
  tone?: "plain" | "bad";
  /** One thing to do about it, most often undo. */
  action?: { label: string; run: () => void };
  /** Stays until dismissed or acted upon. */
  stays?: boolean;
}
interface Shown extends Toast {
  id: number;
}

const useToasts = create<{ shown: Shown[] }>()(() => ({ shown: [] }));
let nextId = 1;

/** Says what happened elsewhere; what happened here is said here, not in a toast. */
export function showToast(toast: Toast): () => void {
  const id = nextId++;
  useToasts.setState(({ shown }) => ({ shown: [...shown.slice(-2), { ...toast, id }] }));
  return () => dismiss(id);
}
const dismiss = (id: number): void => useToasts.setState(({ shown }) => ({ shown: shown.filter((s) => s.id !== id) }));

export function Toasts() {
  const shown = useToasts((s) => s.shown);
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-0 bottom-[calc(4.75rem+env(safe-area-inset-bottom))] z-40 flex flex-col items-center gap-2 px-4 md:bottom-5">
      {shown.map((toast) => <ToastView key={toast.id} toast={toast} />)}
    </div>
  );
}

function ToastView({ toast }: { toast: Shown }) {
  const t = useCommon();
  useEffect(() => {
    if (toast.stays) return;
    const timer = setTimeout(() => dismiss(toast.id), toast.action ? 9_000 : 5_000);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="frosted enter pointer-events-auto flex max-w-full items-center gap-2 rounded-md ps-4 pe-1">
      <span className={cx("py-2.5", toast.tone === "bad" && "text-bad-ink")}>{toast.text}</span>
      {toast.action && (
        <button type="button" className="min-h-row rounded-sm px-3 font-semibold text-accent-ink hover:bg-surface-2" onClick={() => { toast.action?.run(); dismiss(toast.id); }}>
          {toast.action.label}
        </button>
      )}
      <IconButton label={t("action.dismiss")} onClick={() => dismiss(toast.id)}><X className="size-4" aria-hidden="true" /></IconButton>
    </div>
  );
}
