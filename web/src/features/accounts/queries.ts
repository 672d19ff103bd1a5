import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Page, SecondFactorNeeded, Session, SessionInfo, SetupRequest, SetupState, SignInRequest } from "@/shared/api/types";

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
/** The session; or, for people with a second factor, the ticket to it. */
export const signIn = (request: SignInRequest): Promise<Session | SecondFactorNeeded> => api.post<Session | SecondFactorNeeded>("/api/accounts/sign-in", request);

/** Where the person is signed in, this device included. */
export const sessionsQuery = queryOptions({
  queryKey: accountsKeys.sessions,
  queryFn: ({ signal }) => api.get<Page<SessionInfo>>("/api/accounts/sessions", { query: { limit: 100 }, signal }),
});

export const endSessionOn = (id: string) => api.delete(`/api/accounts/sessions/${id}`);
export const endOtherSessions = () => api.post("/api/accounts/sessions/revoke-others");
