import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { CreateRouteRequest, DryRun, Page, RouteItem } from "@/shared/api/types";

export const routesKey = ["gateway", "routes"] as const;

export const routesQuery = queryOptions({
  queryKey: routesKey,
  queryFn: async ({ signal }) => (await api.get<Page<RouteItem>>("/api/gateway/routes", { signal })).items,
});

export const createRoute = (request: CreateRouteRequest) => api.post<RouteItem>("/api/gateway/routes", request);
export const updateRoute = (id: string, request: CreateRouteRequest & { version: number }) => api.put<RouteItem>(`/api/gateway/routes/${id}`, request);
export const deleteRoute = (id: string) => api.delete(`/api/gateway/routes/${id}`);
export const dryRun = (request: unknown, surface: string, plan: string | null) => api.post<DryRun>("/api/gateway/routes/dry-run", { request, surface, plan });
