import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { AccountSettings, AskRequest, ChangeEmailRequest, ChangePasswordRequest, EmailState, FinishSignUpRequest, LetterPage, ResetPasswordRequest, SecondFactorNeeded, Session } from "@/shared/api/types";

/** Who may make an account. */
export const settingsQuery = queryOptions({
  queryKey: ["accounts", "settings"],
  queryFn: ({ signal }) => api.get<AccountSettings>("/api/accounts/settings", { signal }),
  staleTime: 60_000,
});
export const saveSettings = (settings: AccountSettings) => api.put<AccountSettings>("/api/accounts/settings", settings);

export const askSignUp = (request: AskRequest) => api.post("/api/accounts/sign-up", request);
export const finishSignUp = (request: FinishSignUpRequest) => api.post<Session>("/api/accounts/sign-up/finish", request);
export const askReset = (request: AskRequest) => api.post("/api/accounts/password/forgot", request);
export const resetPassword = (request: ResetPasswordRequest) => api.post("/api/accounts/password/reset", request);
export const changePassword = (request: ChangePasswordRequest) => api.put("/api/accounts/password", request);
export const askMagicLink = (request: AskRequest) => api.post("/api/accounts/magic-link", request);
export const enterByLink = (token: string) => api.post<Session | SecondFactorNeeded>("/api/accounts/magic-link/enter", { token });

/** The person's address, and whether it is confirmed or about to change. */
export const emailQuery = queryOptions({
  queryKey: ["accounts", "email"],
  queryFn: ({ signal }) => api.get<EmailState>("/api/accounts/email", { signal }),
});
export const askVerification = () => api.post("/api/accounts/email/verification");
export const changeEmail = (request: ChangeEmailRequest) => api.post("/api/accounts/email/change", request);
export const confirmEmail = (token: string) => api.post<{ email: string }>("/api/accounts/email/confirm", { token });
export const undoEmail = (token: string) => api.post("/api/accounts/email/undo", { token });

/** The letters of this server, newest first. */
export const lettersQuery = infiniteQueryOptions({
  queryKey: ["mail", "outbox"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) => api.get<LetterPage>("/api/mail/outbox", { query: { limit: 50, cursor: pageParam }, signal }),
  getNextPageParam: (last) => last.nextCursor,
});
export const deleteLetter = (id: string) => api.delete(`/api/mail/outbox/${id}`);
