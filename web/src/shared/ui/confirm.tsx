import type { ReactNode } from "react";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNote, Note } from "./states";

interface ConfirmProps {
  text: string;
  /** What the button says that does it. */
  label: string;
  busy: boolean;
  onConfirm: () => void;
}

/** Asks in a dialog before what the server cannot take back. `children` are what is to be decided besides. */
export function ConfirmDialog({ title, text, label, look = "danger", busy, error, onConfirm, onClose, children }: ConfirmProps & {
  title: string;
  look?: "danger" | "primary";
  error: unknown;
  onClose: () => void;
  children?: ReactNode;
}) {
  const common = useCommon();
  return (
    <Dialog open onClose={onClose} title={title}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">{text}</p>
        {children}
        {Boolean(error) && <ErrorNote error={error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button look={look} busy={busy} onClick={onConfirm}>{label}</Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Asks in place, where the button stood that was pressed. */
export function ConfirmNote({ text, label, busy, onConfirm, onCancel, className }: ConfirmProps & { onCancel: () => void; className?: string }) {
  const common = useCommon();
  return (
    <Note tone="warn" {...(className ? { className } : {})}>
      <p>{text}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="danger" autoFocus busy={busy} onClick={onConfirm}>{label}</Button>
        <Button onClick={onCancel}>{common("action.cancel")}</Button>
      </div>
    </Note>
  );
}
