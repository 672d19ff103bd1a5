import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { MemoryFact, MemorySetting, MemoryState, Page, WriteMemoryRequest } from "@/shared/api/types";

export const memoryKey = ["chat", "memory"] as const;
export const kinds = ["identity", "preference", "people", "work", "plan", "other"] as const;

export const memoryQuery = (state: MemoryState | "forgotten", words: string) => infiniteQueryOptions({
  queryKey: [...memoryKey, state, words],
  queryFn: ({ pageParam, signal }) => api.get<Page<MemoryFact>>("/api/chat/memory", { query: { state, words: words || null, cursor: pageParam, limit: 50 }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});

export const settingQuery = queryOptions({
  queryKey: [...memoryKey, "setting"],
  queryFn: ({ signal }) => api.get<MemorySetting>("/api/chat/memory/setting", { signal }),
});

const after = async <Result>(call: Promise<Result>): Promise<Result> => {
  const result = await call;
  await queryClient.invalidateQueries({ queryKey: memoryKey });
  return result;
};
const path = (id: string, what = ""): string => `/api/chat/memory/${id}${what}`;

export const setMemoryOn = (on: boolean): Promise<void> => after(api.put("/api/chat/memory/setting", { on }));
export const addFact = (request: WriteMemoryRequest): Promise<MemoryFact> => after(api.post<MemoryFact>("/api/chat/memory", request));
export const changeFact = (id: string, request: WriteMemoryRequest): Promise<MemoryFact> => after(api.put<MemoryFact>(path(id), request));
export const keepFact = (id: string): Promise<void> => after(api.post(path(id, "/keep")));
export const dismissFact = (id: string): Promise<void> => after(api.post(path(id, "/dismiss")));
export const forgetFact = (id: string): Promise<void> => after(api.delete(path(id)));
export const restoreFact = (id: string): Promise<void> => after(api.post(path(id, "/restore")));
export const clearMemory = (): Promise<void> => after(api.delete("/api/chat/memory"));
