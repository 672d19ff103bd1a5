import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { TeamDetail } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { SelectField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { ErrorNote } from "@/shared/ui/states";
import { deleteTeam, leaveTeam, transferTeam } from "./queries";
import { useT } from "./text";

interface OwnershipProps {
  detail: TeamDetail;
  userId: string;
  onChanged: () => unknown;
  /** The person is no longer in the team, or it is deleted. */
  onGone: () => void;
}

/** Handing over, leaving and deleting. */
export function Ownership({ detail, userId, onChanged, onGone }: OwnershipProps) {
  const t = useT();
  const { team, members } = detail;
  const [asks, setAsks] = useState<"leave" | "delete" | null>(null);
  const others = members.filter((member) => member.id !== userId);
  if (team.role !== "owner")
    return (
      <Card title={t("leave")} text={t("leave.text")}>
        <Button look="danger" onClick={() => setAsks("leave")}>{t("leave")}</Button>
        {asks && <Confirm title={t("leave")} text={t("leave.text")} label={t("leave")} run={() => leaveTeam(team.id)} onDone={onGone} onClose={() => setAsks(null)} />}
      </Card>
    );
  return (
    <Card title={t("danger")}>
      <div className="flex flex-col gap-5">
        {others.length > 0 && <Transfer team={team.id} others={others} onChanged={onChanged} />}
        {others.length > 0 && <p className="text-sm text-ink-2">{t("leave.owner")}</p>}
        <Button look="danger" className="self-start" onClick={() => setAsks("delete")}>{t("delete")}</Button>
      </div>
      {asks && <Confirm title={t("delete")} text={t("delete.text")} label={t("delete.do")} run={() => deleteTeam(team.id)} onDone={onGone} onClose={() => setAsks(null)} />}
    </Card>
  );
}

function Transfer({ team, others, onChanged }: { team: string; others: TeamDetail["members"]; onChanged: () => unknown }) {
  const t = useT();
  const [to, setTo] = useState("");
  const hand = useMutation({ mutationFn: () => transferTeam(team, to), onSuccess: onChanged });
  return (
    <form noValidate aria-label={t("transfer")} className="flex flex-col gap-3" onSubmit={(e) => { e.preventDefault(); if (to) hand.mutate(); }}>
      <p className="text-ink-2">{t("transfer.text")}</p>
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_auto]">
        <SelectField label={t("transfer.to")} value={to} onChange={(e) => setTo(e.target.value)}>
          <option value="">{t("transfer.choose")}</option>
          {others.map((member) => <option key={member.id} value={member.id}>{member.displayName}</option>)}
        </SelectField>
        <Button type="submit" busy={hand.isPending} disabled={!to}>{t("transfer.do")}</Button>
      </div>
      {hand.error && <ErrorNote error={hand.error} />}
    </form>
  );
}

/** For what the server cannot take back. */
function Confirm({ title, text, label, run, onDone, onClose }: { title: string; text: string; label: string; run: () => Promise<unknown>; onDone: () => void; onClose: () => void }) {
  const act = useMutation({ mutationFn: run, onSuccess: onDone });
  return <ConfirmDialog title={title} text={text} label={label} busy={act.isPending} error={act.error} onConfirm={() => act.mutate()} onClose={onClose} />;
}
