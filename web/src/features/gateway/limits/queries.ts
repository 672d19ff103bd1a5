import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { CreateLimitRequest, Limit, LimitParty, Page, UpdateLimitRequest } from "@/shared/api/types";

export const limitsKey = ["gateway", "limits"] as const;

export const limitsQuery = queryOptions({
  queryKey: limitsKey,
  queryFn: async ({ signal }) => (await api.get<Page<Limit>>("/api/gateway/limits", { signal })).items,
  staleTime: 3_000,
  refetchInterval: 5_000,
});

export const createLimit = (request: CreateLimitRequest) => api.post<Limit>("/api/gateway/limits", request);
export const updateLimit = (id: string, request: UpdateLimitRequest) => api.put<Limit>(`/api/gateway/limits/${id}`, request);
export const deleteLimit = (id: string) => api.delete(`/api/gateway/limits/${id}`);

/** People or teams that a limit can hold for, by part of their name. */
export const partiesQuery = (kind: "user" | "team", search: string) => queryOptions({
  queryKey: [...limitsKey, "parties", kind, search] as const,
  queryFn: async ({ signal }) => (await api.get<{ items: LimitParty[] }>("/api/gateway/limits/parties", { query: { kind, search }, signal })).items,
  staleTime: 30_000,
});
