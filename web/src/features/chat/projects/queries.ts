import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSummary, Page, Project, SharedWorkspace } from "@/shared/api/types";
import { patchConversation } from "../cache";
import { chatKeys } from "../queries";

const projectsKey = [...chatKeys.all, "projects"] as const;

export const projectsQuery = queryOptions({
  queryKey: projectsKey,
  queryFn: async ({ signal }) => (await api.get<Page<Project>>("/api/chat/projects", { signal })).items,
  staleTime: 60_000,
});

/** Where projects can be shared. */
export const workspacesQuery = queryOptions({
  queryKey: ["accounts", "teams", "workspaces"],
  queryFn: async ({ signal }) => (await api.get<Page<SharedWorkspace>>("/api/accounts/workspaces", { signal })).items,
});

/** One's own, then each team's. */
export function byTeam(projects: readonly Project[]): readonly { team: string | null; projects: readonly Project[] }[] {
  const teams = new Map<string | null, Project[]>([[null, []]]);
  for (const project of projects) {
    const team = project.workspace && `${project.workspace.teamName} › ${project.workspace.name}`;
    teams.set(team, [...(teams.get(team) ?? []), project]);
  }
  return [...teams].map(([team, of]) => ({ team, projects: of })).filter((one) => one.projects.length > 0);
}

export const relatedQuery = (id: string) => queryOptions({
  queryKey: [...chatKeys.one(id), "related"] as const,
  queryFn: async ({ signal }) => (await api.get<Page<ConversationSummary>>(`/api/chat/conversations/${id}/related`, { signal })).items,
});

const lists = [...chatKeys.all, "conversations"] as const;
const renew = (...keys: readonly (readonly unknown[])[]) => Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));

/** What of a project is chosen; without a workspace it is one's own. */
export interface ProjectChoice { name: string; instructions: string; workspaceId: string | null }

export async function createProject(choice: ProjectChoice): Promise<Project> {
  const made = await api.post<Project>("/api/chat/projects", choice);
  await renew(projectsKey);
  return made;
}

/** Moved to other people, what is in it is read by others too. */
export async function updateProject(id: string, choice: ProjectChoice): Promise<void> {
  await api.put(`/api/chat/projects/${id}`, choice);
  await renew(chatKeys.all);
}

/** Its conversations stay. */
export async function deleteProject(id: string): Promise<void> {
  await api.delete(`/api/chat/projects/${id}`);
  await renew(projectsKey, lists);
}

export async function moveConversation(id: string, projectId: string | null): Promise<void> {
  await api.put(`/api/chat/conversations/${id}/project`, { projectId });
  patchConversation(queryClient, id, { projectId });
  await renew(projectsKey, lists);
}

export async function tagConversation(id: string, tags: readonly string[]): Promise<void> {
  await api.put(`/api/chat/conversations/${id}/tags`, { tags });
  patchConversation(queryClient, id, { tags: [...tags] });
  await renew([...chatKeys.all, "tags"], lists);
}
