import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type {
  AddPasskeyRequest, CreateIdentityProviderRequest, ExternalAnswer, ExternalBegun, ExternalLink, ExternalProvider, IdentityProvider, Passkey, PasskeyAnswer, PasskeyChallenge,
  SecondFactorNeeded, Session, StepUpWays, UpdateIdentityProviderRequest,
} from "@/shared/api/types";

const at = "/api/accounts";

/** The person's own passkeys. */
export const passkeysQuery = queryOptions({
  queryKey: ["accounts", "passkeys"] as const,
  queryFn: ({ signal }) => api.get<{ items: Passkey[] }>(`${at}/passkeys`, { signal }),
});
export const beginPasskey = (): Promise<PasskeyChallenge> => api.post<PasskeyChallenge>(`${at}/passkeys/options`);
export const addPasskey = (request: AddPasskeyRequest): Promise<Passkey> => api.post<Passkey>(`${at}/passkeys`, request);
export const renamePasskey = (id: string, name: string) => api.put(`${at}/passkeys/${id}`, { name });
export const removePasskey = (id: string) => api.delete(`${at}/passkeys/${id}`);

export const beginPasskeySignIn = (): Promise<PasskeyChallenge> => api.post<PasskeyChallenge>(`${at}/sign-in/passkey/options`);
export const signInWithPasskey = (answer: PasskeyAnswer): Promise<Session> => api.post<Session>(`${at}/sign-in/passkey`, answer);

/** With what the person can confirm that it is them. */
export const stepUpWaysQuery = queryOptions({
  queryKey: ["accounts", "step-up"] as const,
  queryFn: ({ signal }) => api.get<StepUpWays>(`${at}/step-up`, { signal }),
});
export const beginPasskeyStepUp = (): Promise<PasskeyChallenge> => api.post<PasskeyChallenge>(`${at}/step-up/passkey/options`);
export const stepUpWithPasskey = (answer: PasskeyAnswer) => api.post(`${at}/step-up/passkey`, answer);

export const beginStepUpElsewhere = (id: string): Promise<ExternalBegun> => api.post<ExternalBegun>(`${at}/step-up/external/${id}`);
export const finishStepUpElsewhere = (answer: ExternalAnswer) => api.post(`${at}/step-up/external`, answer);

/** Where else one can sign in. */
export const externalQuery = queryOptions({
  queryKey: ["accounts", "external"] as const,
  queryFn: ({ signal }) => api.get<{ items: ExternalProvider[] }>(`${at}/external`, { signal }),
  staleTime: 60_000,
});
export const beginExternalSignIn = (id: string): Promise<ExternalBegun> => api.post<ExternalBegun>(`${at}/external/${id}/sign-in`);
export const finishExternalSignIn = (answer: ExternalAnswer) => api.post<Session | SecondFactorNeeded>(`${at}/external/sign-in`, answer);

/** The person's accounts elsewhere, connected or not. */
export const linksQuery = queryOptions({
  queryKey: ["accounts", "external-links"] as const,
  queryFn: ({ signal }) => api.get<{ items: ExternalLink[] }>(`${at}/external/links`, { signal }),
});
export const beginLink = (id: string): Promise<ExternalBegun> => api.post<ExternalBegun>(`${at}/external/${id}/link`);
export const finishLink = (answer: ExternalAnswer) => api.post(`${at}/external/links`, answer);
export const removeLink = (id: string) => api.delete(`${at}/external/links/${id}`);

/** The identity providers this server is registered with. For the owner. */
export const identityProvidersQuery = queryOptions({
  queryKey: ["accounts", "identity-providers"] as const,
  queryFn: ({ signal }) => api.get<{ items: IdentityProvider[] }>(`${at}/identity-providers`, { signal }),
});
export const createIdentityProvider = (request: CreateIdentityProviderRequest) => api.post<IdentityProvider>(`${at}/identity-providers`, request);
export const updateIdentityProvider = (id: string, request: UpdateIdentityProviderRequest) => api.put<IdentityProvider>(`${at}/identity-providers/${id}`, request);
export const deleteIdentityProvider = (id: string) => api.delete(`${at}/identity-providers/${id}`);
