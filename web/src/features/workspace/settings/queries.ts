import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { SystemState } from "@/shared/api/types";

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }) => api.get<SystemState>("/api/system", { signal }),
});
