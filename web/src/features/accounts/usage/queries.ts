import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { withProof } from "@/shared/session/proof";
import type { Page, PersonUsage, Plan, PlanName, SetPlanRequest } from "@/shared/api/types";

export const plansKey = ["accounts", "plans"] as const;
const usageKey = ["accounts", "usage"] as const;

/** What each plan holds, the largest first. */
export const plansQuery = queryOptions({
  queryKey: plansKey,
  queryFn: ({ signal }) => api.get<Page<Plan>>("/api/accounts/plans", { signal }),
});

/** What the person used of their plan. */
export const usageQuery = queryOptions({
  queryKey: [...usageKey, "own"],
  queryFn: ({ signal }) => api.get<PersonUsage>("/api/accounts/usage", { signal }),
});

/** What somebody else used, for those who manage people. */
export const personUsageQuery = (id: string) => queryOptions({
  queryKey: [...usageKey, id],
  queryFn: ({ signal }) => api.get<PersonUsage>(`/api/accounts/users/${id}/usage`, { signal }),
});

export const setPlan = (plan: PlanName, request: SetPlanRequest) => withProof(() => api.put(`/api/accounts/plans/${plan}`, request));
