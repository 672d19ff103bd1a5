import { useMutation, useQuery } from "@tanstack/react-query";
import { FolderOpen, Pencil, Trash2, Users } from "lucide-react";
import { useState } from "react";
import type { Project } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button, IconButton } from "@/shared/ui/button";
import { ConfirmNote } from "@/shared/ui/confirm";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass, SelectField, TextField } from "@/shared/ui/field";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { byTeam, createProject, deleteProject, projectsQuery, updateProject, workspacesQuery } from "./queries";
import { useProjectsT } from "./text";

/** All projects: made, renamed, instructed and deleted here. */
export default function ProjectsDialog({ onClose, onPick }: { onClose: () => void; onPick: (id: string) => void }) {
  const t = useProjectsT();
  const projects = useQuery(projectsQuery);
  const [edited, setEdited] = useState<Project | "new" | null>(null);
  return (
    <Dialog open onClose={onClose} title={t("projects")}>
      <div className="flex flex-col gap-4">
        <p className="text-sm text-ink-2">{t("projects.text")}</p>
        {projects.error && <ErrorNote error={projects.error} retry={() => void projects.refetch()} />}
        {projects.isPending && <Skeleton rows={3} />}
        {byTeam(projects.data ?? []).map(({ team, projects: of }) => (
          <section key={team ?? ""} aria-label={team ?? t("projects.own")}>
            {team !== null && <h3 className="flex items-center gap-2 pt-2 pb-1 text-sm font-medium text-ink-2"><Users className="size-4 shrink-0" aria-hidden="true" /><bdi className="truncate">{team}</bdi></h3>}
            <ul className="flex flex-col divide-y divide-line">
              {of.map((project) => (
                <li key={project.id}>
                  {typeof edited === "object" && edited?.id === project.id
                    ? <ProjectForm project={project} onDone={() => setEdited(null)} />
                    : <ProjectRow project={project} onPick={onPick} onEdit={() => setEdited(project)} />}
                </li>
              ))}
            </ul>
          </section>
        ))}
        {edited === "new" ? <ProjectForm project={null} onDone={() => setEdited(null)} /> : <Button look="primary" className="self-start" onClick={() => setEdited("new")}>{t("project.new")}</Button>}
      </div>
    </Dialog>
  );
}

function ProjectRow({ project, onPick, onEdit }: { project: Project; onPick: (id: string) => void; onEdit: () => void }) {
  const t = useProjectsT();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({ mutationFn: () => deleteProject(project.id) });
  return (
    <div className="flex flex-col gap-2 py-1">
      <div className="flex items-center gap-1">
        <button type="button" onClick={() => onPick(project.id)} className="flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-md px-2 text-start hover:bg-surface-2">
          <FolderOpen className="size-4.5 shrink-0 text-ink-3" aria-hidden="true" />
          <bdi className="min-w-0 flex-1 truncate font-medium">{project.name}</bdi>
          <span className="shrink-0 text-sm text-ink-3 tabular-nums">{t("project.count", { count: project.conversations })}</span>
        </button>
        {project.role !== "edit" && (
          <>
            <IconButton label={t("project.edit", { name: project.name })} onClick={onEdit}><Pencil className="size-4" aria-hidden="true" /></IconButton>
            <IconButton label={t("project.delete", { name: project.name })} onClick={() => setAsking(true)}><Trash2 className="size-4" aria-hidden="true" /></IconButton>
          </>
        )}
      </div>
      {asking && <ConfirmNote text={t("project.delete.text")} label={t("project.delete.do")} busy={remove.isPending} onConfirm={() => remove.mutate()} onCancel={() => setAsking(false)} />}
      {remove.error && <ErrorNote error={remove.error} />}
    </div>
  );
}

function ProjectForm({ project, onDone }: { project: Project | null; onDone: () => void }) {
  const t = useProjectsT();
  const common = useCommon();
  const [name, setName] = useState(project?.name ?? "");
  const [instructions, setInstructions] = useState(project?.instructions ?? "");
  const workspaces = useQuery(workspacesQuery).data ?? [];
  const before = project?.workspace?.id ?? null;
  const [workspaceId, setWorkspaceId] = useState(before);
  const shared = workspaces.find((one) => one.id === workspaceId);
  const save = useMutation({
    mutationFn: async () => {
      const choice = { name: name.trim(), instructions: instructions.trim(), workspaceId };
      await (project ? updateProject(project.id, choice) : createProject(choice));
    },
    onSuccess: onDone,
  });
  return (
    <form noValidate className="flex flex-col gap-3 py-3" onSubmit={(e) => { e.preventDefault(); if (name.trim()) save.mutate(); }}>
      <TextField label={t("project.name")} autoFocus dir="auto" required maxLength={80} value={name} onChange={(e) => setName(e.target.value)} />
      <Field label={t("instructions")} hint={t("instructions.project")}>
        {({ id, describedBy }) => <textarea id={id} aria-describedby={describedBy} dir="auto" rows={4} maxLength={8_000} value={instructions} onChange={(e) => setInstructions(e.target.value)} className={`${inputClass} py-2`} />}
      </Field>
      {(workspaces.length > 0 || before !== null) && (
        <SelectField
          label={t("workspace")} value={workspaceId ?? ""} onChange={(e) => setWorkspaceId(e.target.value || null)}
          hint={shared ? t("project.shared", { team: shared.teamName }) : before !== null ? t("workspace.back") : t("workspace.none.hint")}
        >
          <option value="">{t("workspace.none")}</option>
          {workspaces.map((one) => <option key={one.id} value={one.id}>{`${one.teamName} › ${one.name}`}</option>)}
        </SelectField>
      )}
      {save.error && <ErrorNote error={save.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="plain" onClick={onDone}>{common("action.cancel")}</Button>
        <Button type="submit" look="primary" busy={save.isPending} disabled={!name.trim()}>{t("save")}</Button>
      </div>
    </form>
  );
}
