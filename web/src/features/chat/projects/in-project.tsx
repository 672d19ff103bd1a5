import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FolderOpen, Users, X } from "lucide-react";
import { projectsQuery } from "./queries";
import { useProjectsT } from "./text";

/** Where the conversation that begins here will be, and who reads it there. */
export default function InProject({ id }: { id: string }) {
  const t = useProjectsT();
  const project = useQuery(projectsQuery).data?.find((one) => one.id === id);
  if (!project) return null;
  const Icon = project.workspace ? Users : FolderOpen;
  return (
    <div className="mt-4 flex flex-col gap-1">
      <p className="flex items-center gap-2">
        <Icon className="size-4.5 shrink-0 text-jean-ink" aria-hidden="true" />
        <span className="min-w-0 truncate font-medium"><bdi>{project.name}</bdi>{project.workspace && <> · <bdi>{project.workspace.teamName}</bdi></>}</span>
        <Link to="/chat" aria-label={t("project.none")} title={t("project.none")} className="grid size-8 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-surface-2 pointer-coarse:size-11"><X className="size-4" aria-hidden="true" /></Link>
      </p>
      {project.workspace && <p className="max-w-prose text-sm text-ink-2">{t("project.shared", { team: project.workspace.teamName })}</p>}
    </div>
  );
}
