import { useQuery } from "@tanstack/react-query";
import { FolderCog, X } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { ProjectOptions } from "../projects/project-options";
import { projectsQuery } from "../projects/queries";
import { chatModelsQuery } from "../queries";
import { noFilters, type Filters } from "./filters";
import { tagsQuery } from "./queries";
import { useSearchT } from "./text";

const ProjectsDialog = lazy(() => import("../projects/projects-dialog"));

/** Narrows what is listed and found, each choice a small list of its own. */
export default function FilterBar({ filters, searching, onChange }: { filters: Filters; searching: boolean; onChange: (filters: Filters) => void }) {
  const t = useSearchT();
  const projects = useQuery(projectsQuery).data ?? [];
  const tags = useQuery(tagsQuery).data ?? [];
  const models = useQuery({ ...chatModelsQuery, enabled: searching }).data ?? [];
  const [managing, setManaging] = useState(false);
  const set = (change: Partial<Filters>): void => onChange({ ...filters, ...change });
  const some = Object.values(filters).some((value) => value !== null);
  return (
    <div role="group" aria-label={t("filters")} className="flex flex-wrap items-center gap-1.5 px-3 pb-2">
      <Chip label={t("project")} value={filters.project} onChange={(project) => set({ project })}>
        <option value="">{t("project.any")}</option>
        <ProjectOptions projects={projects} />
      </Chip>
      <IconButton label={t("project.manage")} onClick={() => setManaging(true)} className="size-8! pointer-coarse:size-11!"><FolderCog className="size-4" aria-hidden="true" /></IconButton>
      {(tags.length > 0 || filters.tag) && (
        <Chip label={t("tag")} value={filters.tag} onChange={(tag) => set({ tag })}>
          <option value="">{t("tag.any")}</option>
          {filters.tag && !tags.some((tag) => tag.name === filters.tag) && <option value={filters.tag}>#{filters.tag}</option>}
          {tags.map((tag) => <option key={tag.name} value={tag.name}>#{tag.name}</option>)}
        </Chip>
      )}
      {searching && (
        <>
          <Chip label={t("role")} value={filters.role} onChange={(role) => set({ role: role as Filters["role"] })}>
            <option value="">{t("role.any")}</option><option value="user">{t("by.you")}</option><option value="assistant">{t("by.jean")}</option>
          </Chip>
          {(models.length > 1 || filters.model) && (
            <Chip label={t("model")} value={filters.model} onChange={(model) => set({ model })}>
              <option value="">{t("model.any")}</option>
              {filters.model && !models.some((m) => m.id === filters.model) && <option value={filters.model}>{filters.model}</option>}
              {models.map((m) => <option key={m.id} value={m.id}>{m.name}</option>)}
            </Chip>
          )}
          <Chip label={t("has")} value={filters.has} onChange={(has) => set({ has: has as Filters["has"] })}>
            <option value="">{t("has.any")}</option><option value="code">{t("has.code")}</option><option value="image">{t("has.image")}</option><option value="file">{t("has.file")}</option>
          </Chip>
          <Chip label={t("when")} value={filters.days === null ? null : String(filters.days)} onChange={(days) => set({ days: days === null ? null : Number(days) })}>
            <option value="">{t("when.any")}</option><option value="7">{t("when.week")}</option><option value="31">{t("when.month")}</option><option value="365">{t("when.year")}</option>
          </Chip>
        </>
      )}
      {some && <IconButton label={t("filters.clear")} onClick={() => onChange(noFilters)} className="size-8! pointer-coarse:size-11!"><X className="size-4" aria-hidden="true" /></IconButton>}
      {managing && <Suspense><ProjectsDialog onClose={() => setManaging(false)} onPick={(project) => { set({ project }); setManaging(false); }} /></Suspense>}
    </div>
  );
}

function Chip({ label, value, onChange, children }: { label: string; value: string | null; onChange: (value: string | null) => void; children: ReactNode }) {
  return (
    <select
      aria-label={label} value={value ?? ""} onChange={(e) => onChange(e.target.value || null)}
      className={cx("min-h-8 max-w-32 truncate rounded-full border px-2.5 text-sm pointer-coarse:min-h-11", value === null ? "border-line bg-surface-1 text-ink-2" : "border-jean bg-jean-soft font-medium text-jean-ink")}
    >
      {children}
    </select>
  );
}
