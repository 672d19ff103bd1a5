import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { withProof } from "@/shared/session/proof";
import type { Invitation, InviteRequest, Page, Team, TeamAnalytics, TeamDetail, TeamRole, TeamWorkspace } from "@/shared/api/types";

export const teamKeys = {
  all: ["accounts", "teams"] as const,
  one: (id: string) => ["accounts", "teams", id] as const,
};
const path = (id: string, rest = ""): string => `/api/accounts/teams/${id}${rest}`;

export const teamsQuery = queryOptions({
  queryKey: [...teamKeys.all, "list"],
  queryFn: ({ signal }) => api.get<Page<Team>>("/api/accounts/teams", { signal }),
});

export const teamQuery = (id: string) => queryOptions({
  queryKey: [...teamKeys.one(id), "detail"],
  queryFn: ({ signal }) => api.get<TeamDetail>(path(id), { signal }),
});

/** For the team's admins and owner. */
export const analyticsQuery = (id: string) => queryOptions({
  queryKey: [...teamKeys.one(id), "analytics"],
  queryFn: ({ signal }) => api.get<TeamAnalytics>(path(id, "/analytics"), { signal }),
});

export const createTeam = (name: string) => api.post<Team>("/api/accounts/teams", { name });
export const renameTeam = (id: string, name: string) => api.put(path(id), { name });
export const deleteTeam = (id: string) => withProof(() => api.delete(path(id)));
export const transferTeam = (id: string, memberId: string) => withProof(() => api.post(path(id, "/transfer"), { memberId }));
export const leaveTeam = (id: string) => api.post(path(id, "/leave"));
export const setMemberRole = (id: string, member: string, role: TeamRole) => api.put(path(id, `/members/${member}/role`), { role });
export const removeMember = (id: string, member: string) => api.delete(path(id, `/members/${member}`));
export const invite = (id: string, request: InviteRequest) => api.post(path(id, "/invitations"), request);
export const withdraw = (id: string, invitation: string) => api.delete(path(id, `/invitations/${invitation}`));
export const createWorkspace = (id: string, name: string) => api.post<TeamWorkspace>(path(id, "/workspaces"), { name });
export const renameWorkspace = (id: string, workspace: string, name: string) => api.put(path(id, `/workspaces/${workspace}`), { name });
export const deleteWorkspace = (id: string, workspace: string) => api.delete(path(id, `/workspaces/${workspace}`));

/** What an invitation is for. The token stays good. */
export const invitationQuery = (token: string) => queryOptions({
  queryKey: ["accounts", "invitation", token],
  queryFn: () => api.post<Invitation>("/api/accounts/invitations/look", { token }),
  retry: false,
  staleTime: 60_000,
});
export const acceptInvitation = (token: string) => api.post<{ teamId: string }>("/api/accounts/invitations/accept", { token });
