import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { AddProviderRequest, CheckResult, DiscoveredServer, Model, Provider, ProviderKey, UpdateProviderRequest } from "@/shared/api/types";

export const gatewayKeys = {
  all: ["gateway"] as const,
  providers: ["gateway", "providers"] as const,
  discovered: ["gateway", "discovered"] as const,
  models: ["gateway", "models"] as const,
};

export const providersQuery = queryOptions({
  queryKey: gatewayKeys.providers,
  queryFn: async ({ signal }) => (await api.get<{ items: Provider[] }>("/api/gateway/providers", { signal })).items,
});

/** Model servers that answer on this machine and are not connected yet. */
export const discoveredQuery = queryOptions({
  queryKey: gatewayKeys.discovered,
  queryFn: async ({ signal }) => (await api.get<{ items: DiscoveredServer[] }>("/api/gateway/discovered", { signal })).items,
  staleTime: 10_000,
});

export const modelsQuery = queryOptions({
  queryKey: gatewayKeys.models,
  queryFn: async ({ signal }) => (await api.get<{ items: Model[] }>("/api/gateway/models", { signal })).items,
});

export const addProvider = (request: AddProviderRequest) => api.post<Provider>("/api/gateway/providers", request);
export const updateProvider = (id: string, request: UpdateProviderRequest) => api.put<Provider>(`/api/gateway/providers/${id}`, request);
export const removeProvider = (id: string) => api.delete(`/api/gateway/providers/${id}`);
export const checkProvider = (id: string) => api.post<CheckResult>(`/api/gateway/providers/${id}/check`);
export const addProviderKey = (id: string, apiKey: string) => api.post<ProviderKey>(`/api/gateway/providers/${id}/keys`, { apiKey });
export const removeProviderKey = (id: string, keyId: string) => api.delete(`/api/gateway/providers/${id}/keys/${keyId}`);
export const setDefaultModel = (modelId: string) => api.put("/api/gateway/default-model", { modelId });
