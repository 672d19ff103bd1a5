import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiKey, NewApiKey } from "@/shared/api/types";
import { withProof } from "@/shared/session/proof";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { errorToTell } from "../refusal";
import { OverlapField } from "./key-dialog";
import { overlaps } from "./key-form";
import { apiKeysQuery, revokeApiKey, rotateApiKey } from "./queries";
import { useT } from "./text";

/** A new secret; the present one goes on for as long as the programs need to be changed. */
export function RotateDialog({ rotated, onClose, onRotated }: { rotated: ApiKey; onClose: () => void; onRotated: (made: NewApiKey) => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const [hours, setHours] = useState<number>(24);
  const rotate = useMutation({
    mutationFn: () => withProof(() => rotateApiKey(rotated.id, hours)),
    onSuccess: (made) => {
      onRotated(made);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(apiKeysQuery),
  });
  return (
    <ConfirmDialog
      title={t("rotate.title", { name: rotated.name })} text={t("rotate.text")} label={t("rotate")} look="primary"
      busy={rotate.isPending} error={errorToTell(rotate.error)} onConfirm={() => rotate.mutate()} onClose={onClose}
    >
      <OverlapField hours={hours} choices={[0, ...overlaps]} onChange={setHours} />
    </ConfirmDialog>
  );
}

/** Revoking is for good and must not wait for a time to undo, so this one asks. */
export function RevokeDialog({ revoked, onClose }: { revoked: ApiKey; onClose: () => void }) {
  const t = useT();
  const queryClient = useQueryClient();
  const revoke = useMutation({ mutationFn: () => revokeApiKey(revoked.id), onSuccess: onClose, onSettled: () => queryClient.invalidateQueries(apiKeysQuery) });
  return (
    <ConfirmDialog
      title={t("revoke.title", { name: revoked.name })} text={t("revoke.text")} label={t("revoke")}
      busy={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate()} onClose={onClose}
    />
  );
}
