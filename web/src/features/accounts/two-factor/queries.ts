import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { RecoveryCodes, SecondFactorRequest, Session, StepUpRequest, TotpSetup, TwoFactor } from "@/shared/api/types";

/** Whether signing in asks the person for a second factor. */
export const twoFactorQuery = queryOptions({
  queryKey: ["accounts", "two-factor"] as const,
  queryFn: ({ signal }) => api.get<TwoFactor>("/api/accounts/two-factor", { signal }),
});

export const finishSignIn = (request: SecondFactorRequest): Promise<Session> => api.post<Session>("/api/accounts/sign-in/second-factor", request);
export const stepUp = (request: StepUpRequest) => api.post("/api/accounts/step-up", request);

export const beginTotp = (): Promise<TotpSetup> => api.post<TotpSetup>("/api/accounts/two-factor/totp");
export const confirmTotp = (code: string): Promise<RecoveryCodes> => api.post<RecoveryCodes>("/api/accounts/two-factor/totp/confirm", { code });
export const removeTotp = () => api.delete("/api/accounts/two-factor/totp");
export const renewRecoveryCodes = (): Promise<RecoveryCodes> => api.post<RecoveryCodes>("/api/accounts/two-factor/recovery-codes");
