import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./error";

/** Server data lives here and nowhere else. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 15 * 60_000,
      // A refusal stays a refusal; only silence and server faults are worth another try.
      retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: "always",
    },
    mutations: { retry: false },
  },
});
