import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { Dialog } from "@/shared/ui/dialog";
import { Field, inputClass, SelectField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { tagsQuery } from "../search/queries";
import { ProjectOptions } from "./project-options";
import { moveConversation, projectsQuery, relatedQuery, tagConversation } from "./queries";
import { cleanTag, mostTags } from "./tags";
import { useProjectsT } from "./text";

/** Where a conversation belongs, and what is like it. */
export default function OrganiseDialog({ conversation, onClose }: { conversation: ConversationSummary; onClose: () => void }) {
  const t = useProjectsT();
  const related = useQuery(relatedQuery(conversation.id)).data ?? [];
  return (
    <Dialog open onClose={onClose} title={t("organise")}>
      <div className="flex flex-col gap-5">
        <ProjectChoice conversation={conversation} />
        <Tags conversation={conversation} />
        {conversation.category && <p className="text-sm text-ink-2">{t("category", { category: t(`category.${conversation.category}` as "category.chat") })}</p>}
        {related.length > 0 && (
          <section aria-label={t("related")}>
            <h3 className="mb-1 text-sm font-medium">{t("related")}</h3>
            <ul>
              {related.map((c) => (
                <li key={c.id}><Link to="/chat/$conversationId" params={{ conversationId: c.id }} onClick={onClose} className="flex min-h-11 items-center rounded-md px-2 hover:bg-surface-2"><bdi className="truncate">{c.title}</bdi></Link></li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  );
}

function ProjectChoice({ conversation }: { conversation: ConversationSummary }) {
  const t = useProjectsT();
  const projects = useQuery(projectsQuery).data ?? [];
  const move = useMutation({ mutationFn: (project: string | null) => moveConversation(conversation.id, project) });
  const value = move.isPending ? move.variables : conversation.projectId;
  const shared = projects.find((project) => project.id === value)?.workspace;
  return (
    <div className="flex flex-col gap-2">
      <SelectField label={t("project")} value={value ?? ""} onChange={(e) => move.mutate(e.target.value || null)}>
        <option value="">{t("project.none")}</option>
        <ProjectOptions projects={projects} />
      </SelectField>
      {shared && <p className="text-sm text-ink-2">{t("project.shared", { team: shared.teamName })}</p>}
      {move.error && <ErrorNote error={move.error} />}
    </div>
  );
}

function Tags({ conversation }: { conversation: ConversationSummary }) {
  const t = useProjectsT();
  const known = useQuery(tagsQuery).data ?? [];
  const [typed, setTyped] = useState("");
  const save = useMutation({ mutationFn: (tags: string[]) => tagConversation(conversation.id, tags) });
  const tags = save.isPending ? save.variables : conversation.tags;
  const add = (): void => {
    const tag = cleanTag(typed);
    if (tag && !tags.includes(tag) && tags.length < mostTags) save.mutate([...tags, tag]);
    setTyped("");
  };
  return (
    <div className="flex flex-col gap-2">
      <Field label={t("tags")} hint={t("tags.hint")}>
        {({ id, describedBy }) => (
          <input
            id={id} aria-describedby={describedBy} list="known-tags" dir="auto" maxLength={40} value={typed} onChange={(e) => setTyped(e.target.value)} className={inputClass}
            onKeyDown={(e) => { if ((e.key === "Enter" || e.key === ",") && !e.nativeEvent.isComposing) { e.preventDefault(); add(); } }} onBlur={add}
          />
        )}
      </Field>
      <datalist id="known-tags">{known.map((tag) => <option key={tag.name} value={tag.name} />)}</datalist>
      {tags.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li key={tag}>
              <button type="button" onClick={() => save.mutate(tags.filter((other) => other !== tag))} aria-label={t("tag.remove", { tag })} className="flex min-h-8 items-center gap-1.5 rounded-full bg-surface-2 px-3 text-sm hover:bg-surface-3 pointer-coarse:min-h-11">
                <bdi>#{tag}</bdi><X className="size-3.5" aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {save.error && <ErrorNote error={save.error} />}
    </div>
  );
}
