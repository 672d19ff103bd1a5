import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { withProof } from "@/shared/session/proof";
import type { CreateKeyRequest, NewKey, Page, UpdateKeyRequest, VirtualKey } from "@/shared/api/types";

export const keysKey = ["gateway", "keys"] as const;

/** One's own keys; the owner's list holds everybody's. */
export const keysQuery = infiniteQueryOptions({
  queryKey: keysKey,
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => api.get<Page<VirtualKey>>("/api/gateway/keys", { query: { limit: 100, cursor: pageParam }, signal }),
  getNextPageParam: (last) => last.nextCursor,
});

export const createKey = (request: CreateKeyRequest) => withProof(() => api.post<NewKey>("/api/gateway/keys", request));
export const updateKey = (id: string, request: UpdateKeyRequest) => api.put<VirtualKey>(`/api/gateway/keys/${id}`, request);
export const rotateKey = (id: string, graceSeconds: number) => withProof(() => api.post<NewKey>(`/api/gateway/keys/${id}/rotate`, { graceSeconds }));
export const revokeKey = (id: string) => api.delete(`/api/gateway/keys/${id}`);
