import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { withProof } from "@/shared/session/proof";
import type { AuditEntry, AuditVerification, Page, PermissionTable, Person, PersonDetail, Session } from "@/shared/api/types";

export const roles = ["owner", "admin", "premium", "free"] as const;
export type Role = (typeof roles)[number];

/** What can be on the record, as the server names it. */
export const acts = [
  "accounts.user.role-changed", "accounts.user.suspended", "accounts.user.restored", "accounts.user.signed-out",
  "accounts.impersonation.started", "accounts.impersonation.ended", "accounts.sign-in.throttled", "accounts.sign-in.stuffing-suspected",
  "accounts.api-key.created", "accounts.api-key.rotated", "accounts.api-key.revoked", "accounts.api-key.leaked", "gateway.key.created", "gateway.key.rotated", "gateway.key.revoked", "gateway.key.leaked", "accounts.token.reused", "accounts.deletion.asked", "accounts.deletion.cancelled", "accounts.user.erased",
  "accounts.password.changed", "accounts.password.reset", "accounts.email.changed", "accounts.email.undone", "accounts.two-factor.on", "accounts.two-factor.off",
  "accounts.passkey.added", "accounts.passkey.removed", "accounts.passkey.counter-went-back",
  "accounts.identity-provider.added", "accounts.identity-provider.changed", "accounts.identity-provider.removed", "accounts.identity.linked", "accounts.identity.unlinked",
  "accounts.plan.changed", "accounts.team.created", "accounts.team.renamed", "accounts.team.deleted", "accounts.team.invited",
  "accounts.team.invitation-withdrawn", "accounts.team.joined", "accounts.team.left", "accounts.team.member-removed",
  "accounts.team.role-changed", "accounts.team.transferred",
  "accounts.workspace.created", "accounts.workspace.renamed", "accounts.workspace.deleted",
] as const;
export type Act = (typeof acts)[number];

export interface PeopleFilter {
  search: string;
  role: Role | "";
}
export interface AuditFilter {
  act: Act | "";
  /** A person's id. */
  who: string;
  /** ISO moments. */
  from: string;
  to: string;
}

export const peopleKeys = {
  all: ["accounts", "people"] as const,
  one: (id: string) => ["accounts", "people", "one", id] as const,
  audit: ["accounts", "audit"] as const,
  permissions: ["accounts", "permissions"] as const,
};

export const peopleQuery = ({ search, role }: PeopleFilter) => infiniteQueryOptions({
  queryKey: [...peopleKeys.all, "list", search, role],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => api.get<Page<Person>>("/api/accounts/users", { query: { search: search || null, role: role || null, cursor: pageParam }, signal }),
  getNextPageParam: (last) => last.nextCursor,
});

export const personQuery = (id: string) => queryOptions({
  queryKey: peopleKeys.one(id),
  queryFn: ({ signal }) => api.get<PersonDetail>(`/api/accounts/users/${id}`, { signal }),
});

export const permissionsQuery = queryOptions({
  queryKey: peopleKeys.permissions,
  queryFn: ({ signal }) => api.get<PermissionTable>("/api/accounts/permissions", { signal }),
});

export const auditQuery = ({ act, who, from, to }: AuditFilter) => infiniteQueryOptions({
  queryKey: [...peopleKeys.audit, act, who, from, to],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => api.get<Page<AuditEntry>>("/api/audit", { query: { act: act || null, who: who || null, from: from || null, to: to || null, cursor: pageParam }, signal }),
  getNextPageParam: (last) => last.nextCursor,
});

export const setRole = (id: string, role: string) => withProof(() => api.put(`/api/accounts/users/${id}/role`, { role }));
export const suspend = (id: string) => api.post(`/api/accounts/users/${id}/suspend`);
export const restore = (id: string) => api.post(`/api/accounts/users/${id}/restore`);
export const signPersonOut = (id: string) => api.post(`/api/accounts/users/${id}/sessions/revoke`);
export const impersonate = (id: string, reason: string) => withProof(() => api.post<Session>(`/api/accounts/users/${id}/impersonate`, { reason }));
/** Without content when the owner's own session has ended meanwhile. */
export const endImpersonation = () => api.post<Session | undefined>("/api/accounts/impersonation/end");
export const verifyAudit = () => api.get<AuditVerification>("/api/audit/verify");
