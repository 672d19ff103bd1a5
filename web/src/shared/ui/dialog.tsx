import { X } from "lucide-react";
import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { IconButton } from "./button";
import { cx } from "./cx";

/** A native modal: the browser keeps focus inside, closes on Esc and gives focus back to the opener. */
export function Modal({ open, onClose, label, labelledBy, className, children }: { open: boolean; onClose: () => void; label?: string; labelledBy?: string; className?: string; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    else if (!open && dialog.open) dialog.close();
  }, [open]);
  // Also when it goes away without being closed: only closing gives the focus back to the opener.
  useLayoutEffect(() => {
    const dialog = ref.current;
    return () => {
      if (dialog?.open) dialog.close();
    };
  }, []);
  return (
    <dialog
      ref={ref} aria-label={label} aria-labelledby={labelledBy}
      onClose={(e) => { if (!e.currentTarget.open) onClose(); }}
      onClick={(e) => { if (e.target === e.currentTarget) e.currentTarget.close(); }}
      className={cx("frosted rounded-lg p-0 text-ink-1 open:enter", className)}
    >
      {open && children}
    </dialog>
  );
}

/** A modal with a heading and a close button. */
export function Dialog({ open, onClose, title, children, className }: { open: boolean; onClose: () => void; title: string; children: ReactNode; className?: string }) {
  const t = useCommon();
  const id = useId();
  return (
    <Modal open={open} onClose={onClose} labelledBy={id} className={cx("w-[min(34rem,calc(100vw-2rem))] max-h-[min(44rem,calc(100dvh-2rem))]", className)}>
      <div className="flex items-center justify-between gap-4 ps-5 pe-2 pt-2">
        <h2 id={id} className="text-lg font-semibold">{title}</h2>
        <IconButton label={t("action.close")} onClick={onClose}><X className="size-5" aria-hidden="true" /></IconButton>
      </div>
      <div className="px-5 pt-1 pb-5">{children}</div>
    </Modal>
  );
}
