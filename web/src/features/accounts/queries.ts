import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Session, SetupRequest, SetupState, SignInRequest } from "@/shared/api/types";

export const accountsKeys = {
  setup: ["accounts", "setup"] as const,
  sessions: ["accounts", "sessions"] as const,
};

/** Whether somebody owns this server yet. */
export const setupQuery = queryOptions({
  queryKey: accountsKeys.setup,
  queryFn: ({ signal }) => api.get<SetupState>("/api/accounts/setup", { signal }),
  staleTime: 60_000,
});

export const createOwner = (request: SetupRequest): Promise<Session> => api.post<Session>("/api/accounts/setup", request);
export const signIn = (request: SignInRequest): Promise<Session> => api.post<Session>("/api/accounts/sign-in", request);
