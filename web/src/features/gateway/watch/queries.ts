import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Call, CallOutcome, CallTrace, Dashboard, LiveNow, Page, Target } from "@/shared/api/types";

export type Span = "hour" | "day" | "week";
export const spans: readonly Span[] = ["hour", "day", "week"];

export interface CallFilter {
  route?: string | undefined;
  model?: string | undefined;
  key?: string | undefined;
  outcome?: CallOutcome | undefined;
  since?: "hour" | "day" | "week" | undefined;
}

// TanStack Query asks nothing while the page is hidden, and once when it is shown again.
export const dashboardQuery = (span: Span) => queryOptions({
  queryKey: ["gateway", "dashboard", span] as const,
  queryFn: ({ signal }) => api.get<Dashboard>("/api/gateway/dashboard", { query: { span }, signal }),
  staleTime: 5_000,
  refetchInterval: 15_000,
  placeholderData: keepPreviousData,
});

export const liveQuery = queryOptions({
  queryKey: ["gateway", "live"] as const,
  queryFn: ({ signal }) => api.get<LiveNow>("/api/gateway/live", { signal }),
  staleTime: 1_000,
  refetchInterval: 2_000,
});

export const latestCallsQuery = queryOptions({
  queryKey: ["gateway", "calls", "latest"] as const,
  queryFn: async ({ signal }) => (await api.get<Page<Call>>("/api/gateway/calls", { query: { limit: 10 }, signal })).items,
  staleTime: 1_000,
  refetchInterval: 3_000,
});

export const targetsQuery = queryOptions({
  queryKey: ["gateway", "targets"] as const,
  queryFn: async ({ signal }) => (await api.get<Page<Target>>("/api/gateway/targets", { signal })).items,
  staleTime: 2_000,
  refetchInterval: 5_000,
});

const spanMs = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

export const callsQuery = (filter: CallFilter) => infiniteQueryOptions({
  queryKey: ["gateway", "calls", "list", filter] as const,
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => {
    const { since, ...exact } = filter;
    return api.get<Page<Call>>("/api/gateway/calls", { query: { ...exact, since: since && new Date(Date.now() - spanMs[since]).toISOString(), limit: 50, cursor: pageParam }, signal });
  },
  getNextPageParam: (last) => last.nextCursor,
  placeholderData: keepPreviousData,
  staleTime: 5_000,
});

export const traceQuery = (id: string) => queryOptions({
  queryKey: ["gateway", "calls", "one", id] as const,
  queryFn: ({ signal }) => api.get<CallTrace>(`/api/gateway/calls/${id}`, { signal }),
  // What has ended does not change any more.
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.data?.call.outcome === "running" ? 2_000 : false),
});
