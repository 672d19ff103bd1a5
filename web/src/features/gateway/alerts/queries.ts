import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Alert, AlertRule, ChangeAlertRuleRequest, CreateAlertRuleRequest, Page } from "@/shared/api/types";

export const alertsKey = ["gateway", "alerts"] as const;
export const alertRulesKey = ["gateway", "alert-rules"] as const;

/** The newest: what lasts is among them, unless hundreds came after it. */
export const alertsQuery = queryOptions({
  queryKey: alertsKey,
  queryFn: async ({ signal }) => (await api.get<Page<Alert>>("/api/gateway/alerts", { query: { limit: 200 }, signal })).items,
  staleTime: 5_000,
  refetchInterval: 15_000,
});

export const alertRulesQuery = queryOptions({
  queryKey: alertRulesKey,
  queryFn: async ({ signal }) => (await api.get<Page<AlertRule>>("/api/gateway/alert-rules", { signal })).items,
});

export const acknowledgeAlert = (id: string) => api.post<Alert>(`/api/gateway/alerts/${id}/acknowledge`);
export const createAlertRule = (request: CreateAlertRuleRequest) => api.post<AlertRule>("/api/gateway/alert-rules", request);
export const changeAlertRule = (id: string, request: ChangeAlertRuleRequest) => api.put<AlertRule>(`/api/gateway/alert-rules/${id}`, request);
export const deleteAlertRule = (id: string) => api.delete(`/api/gateway/alert-rules/${id}`);
