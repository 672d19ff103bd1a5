import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSummary, Page, Project } from "@/shared/api/types";
import { patchConversation } from "../cache";
import { chatKeys } from "../queries";

const projectsKey = [...chatKeys.all, "projects"] as const;

export const projectsQuery = queryOptions({
  queryKey: projectsKey,
  queryFn: async ({ signal }) => (await api.get<Page<Project>>("/api/chat/projects", { signal })).items,
  staleTime: 60_000,
});

export const relatedQuery = (id: string) => queryOptions({
  queryKey: [...chatKeys.one(id), "related"] as const,
  queryFn: async ({ signal }) => (await api.get<Page<ConversationSummary>>(`/api/chat/conversations/${id}/related`, { signal })).items,
});

const lists = [...chatKeys.all, "conversations"] as const;
const renew = (...keys: readonly (readonly unknown[])[]) => Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));

export async function createProject(name: string, instructions: string): Promise<Project> {
  const made = await api.post<Project>("/api/chat/projects", { name, instructions });
  await renew(projectsKey);
  return made;
}

export async function updateProject(id: string, name: string, instructions: string): Promise<void> {
  await api.put(`/api/chat/projects/${id}`, { name, instructions });
  await renew(projectsKey);
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
