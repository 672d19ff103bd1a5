import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationChange, ConversationInvitation, ConversationOffer, ConversationPeople, GuestRole, NewConversationInvitation, Page } from "@/shared/api/types";
import { chatKeys } from "../queries";

const path = (id: string): string => `/api/chat/conversations/${id}`;
const invitationsKey = (id: string) => ["chat", "invitations", id] as const;

/** Who is in a conversation. */
export const peopleQuery = (id: string) => queryOptions({
  queryKey: chatKeys.people(id),
  queryFn: ({ signal }) => api.get<ConversationPeople>(`${path(id)}/people`, { signal }),
});

export const invitationsQuery = (id: string) => queryOptions({
  queryKey: invitationsKey(id),
  queryFn: ({ signal }) => api.get<ConversationInvitation[]>(`${path(id)}/invitations`, { signal }),
});

export const historyQuery = (id: string) => queryOptions({
  queryKey: chatKeys.history(id),
  queryFn: async ({ signal }) => (await api.get<Page<ConversationChange>>(`${path(id)}/history`, { signal })).items,
});

export const offerQuery = (token: string) => queryOptions({
  queryKey: ["chat", "offer", token],
  queryFn: ({ signal }) => api.post<ConversationOffer>("/api/chat/invitations/look", { token }, { signal }),
  retry: false,
});

export const accept = (token: string): Promise<{ conversationId: string }> => api.post("/api/chat/invitations/accept", { token });

export async function invite(id: string, role: GuestRole): Promise<NewConversationInvitation> {
  const made = await api.post<NewConversationInvitation>(`${path(id)}/invitations`, { role });
  void queryClient.invalidateQueries({ queryKey: invitationsKey(id) });
  return made;
}

export async function endInvitation(id: string, invitationId: string): Promise<void> {
  await api.delete(`${path(id)}/invitations/${invitationId}`);
  await queryClient.invalidateQueries({ queryKey: invitationsKey(id) });
}

export async function setRole(id: string, userId: string, role: GuestRole): Promise<void> {
  await api.put(`${path(id)}/people/${userId}`, { role });
  await queryClient.invalidateQueries({ queryKey: chatKeys.people(id) });
}

export async function letOut(id: string, userId: string): Promise<void> {
  await api.delete(`${path(id)}/people/${userId}`);
  await Promise.all([chatKeys.people(id), chatKeys.one(id), [...chatKeys.all, "conversations"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

export async function restoreChange(id: string, changeId: string): Promise<void> {
  await api.post(`${path(id)}/history/${changeId}/restore`);
  await Promise.all([chatKeys.history(id), chatKeys.one(id), chatKeys.settings(id), chatKeys.messages(id)].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}
