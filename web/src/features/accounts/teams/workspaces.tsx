import { useMutation } from "@tanstack/react-query";
import { Folder } from "lucide-react";
import { useState } from "react";
import type { TeamDetail, TeamWorkspace } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Card } from "@/shared/ui/page";
import { ErrorNote } from "@/shared/ui/states";
import { NameForm } from "./name-form";
import { createWorkspace, deleteWorkspace, renameWorkspace } from "./queries";
import { useT } from "./text";

/** What the team shares. Every member makes one; admins and the owner rename and delete them. */
export function Workspaces({ detail: { team, workspaces }, onChanged }: { detail: TeamDetail; onChanged: () => unknown }) {
  const t = useT();
  const common = useCommon();
  const locale = useLocale();
  const [edited, setEdited] = useState<TeamWorkspace | null>(null);
  return (
    <Card title={t("workspaces")} text={t("workspaces.text")}>
      <div className="flex flex-col gap-5">
        {workspaces.length === 0 ? <p className="text-ink-2">{t("workspaces.none")}</p> : (
          <ul className="-my-2">
            {workspaces.map((one) => (
              <li key={one.id} className="flex flex-wrap items-center gap-x-3 border-b border-line py-2 last:border-0">
                <Folder className="size-5 shrink-0 text-ink-3" aria-hidden="true" />
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]"><bdi>{one.name}</bdi> <span className="text-sm whitespace-nowrap text-ink-2">{formatDate(one.createdAt, locale, { dateStyle: "medium" })}</span></span>
                {team.role !== "member" && <Button look="plain" aria-label={`${common("action.edit")}: ${one.name}`} onClick={() => setEdited(one)}>{common("action.edit")}</Button>}
              </li>
            ))}
          </ul>
        )}
        <NameForm label={t("workspace.name")} submit={t("workspace.make")} save={(name) => createWorkspace(team.id, name)} onSaved={onChanged} />
      </div>
      {edited && <WorkspaceDialog team={team.id} workspace={edited} onChanged={onChanged} onClose={() => setEdited(null)} />}
    </Card>
  );
}

function WorkspaceDialog({ team, workspace, onChanged, onClose }: { team: string; workspace: TeamWorkspace; onChanged: () => unknown; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const done = (): unknown => {
    onClose();
    return onChanged();
  };
  const remove = useMutation({ mutationFn: () => deleteWorkspace(team, workspace.id), onSuccess: done });
  return (
    <Dialog open onClose={onClose} title={workspace.name}>
      <div className="flex flex-col gap-5">
        <NameForm label={t("workspace.name")} submit={common("action.save")} name={workspace.name} save={(name) => renameWorkspace(team, workspace.id, name)} onSaved={done} />
        {remove.error && <ErrorNote error={remove.error} />}
        <Button look="danger" className="self-start" busy={remove.isPending} onClick={() => remove.mutate()}>{t("workspace.delete", { name: workspace.name })}</Button>
      </div>
    </Dialog>
  );
}
