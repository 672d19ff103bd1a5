import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { NewKey, VirtualKey } from "@/shared/api/types";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { SelectField } from "@/shared/ui/field";
import { useT } from "../console/text";
import { keysKey, revokeKey, rotateKey } from "./queries";

const hour = 3_600, day = 24 * hour;
const graces = [0, hour, day, 7 * day, 30 * day] as const;

/** A new secret; the present one goes on for as long as the programs need to be changed. */
export function RotateDialog({ rotated, onClose, onRotated }: { rotated: VirtualKey; onClose: () => void; onRotated: (made: NewKey) => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [grace, setGrace] = useState<number>(day);
  const rotate = useMutation({
    mutationFn: () => rotateKey(rotated.id, grace),
    onSuccess: (made) => {
      onRotated(made);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey }),
  });
  const words = (seconds: number): string => (seconds === 0 ? t("grace.none") : seconds < day ? t("grace.hours", { count: seconds / hour }) : t("grace.days", { count: seconds / day }));
  return (
    <ConfirmDialog
      title={t("rotate.title", { name: rotated.name })} text={t("rotate.text")} label={t("rotate")} look="primary"
      busy={rotate.isPending} error={rotate.error} onConfirm={() => rotate.mutate()} onClose={onClose}
    >
      <SelectField label={t("grace")} value={grace} onChange={(e) => setGrace(Number(e.target.value))}>
        {graces.map((g) => <option key={g} value={g}>{words(g)}</option>)}
      </SelectField>
    </ConfirmDialog>
  );
}

/** Revoking is for good and must not wait for a time to undo, so this one asks. */
export function RevokeDialog({ revoked, onClose }: { revoked: VirtualKey; onClose: () => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const revoke = useMutation({ mutationFn: () => revokeKey(revoked.id), onSuccess: onClose, onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey }) });
  return (
    <ConfirmDialog
      title={t("revoke.title", { name: revoked.name })} text={t("revoke.text")} label={t("revoke")}
      busy={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate()} onClose={onClose}
    />
  );
}
