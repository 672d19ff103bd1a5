import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { ApiKeys, NewApiKey, NewApiKeyRequest } from "@/shared/api/types";

/** The person's own API keys, and every scope there is. */
export const apiKeysQuery = queryOptions({
  queryKey: ["accounts", "api-keys"] as const,
  queryFn: ({ signal }) => api.get<ApiKeys>("/api/accounts/api-keys", { signal }),
});

export const createApiKey = (request: NewApiKeyRequest): Promise<NewApiKey> => api.post<NewApiKey>("/api/accounts/api-keys", request);
export const rotateApiKey = (id: string, overlapHours: number): Promise<NewApiKey> => api.post<NewApiKey>(`/api/accounts/api-keys/${id}/rotate`, { overlapHours });
export const revokeApiKey = (id: string) => api.delete(`/api/accounts/api-keys/${id}`);
