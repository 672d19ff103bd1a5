import type { AddPasskeyRequest, PasskeyAnswer, PasskeyChallenge } from "@/shared/api/types";

const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (bytes: ArrayBuffer): string => btoa(Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** Browsers keep passkeys for names, never for addresses in numbers. */
const isNumeric = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(":");

/** Whether passkeys can be had here at all. */
export const hasPasskeys = (): boolean => typeof PublicKeyCredential !== "undefined" && isSecureContext && !isNumeric(location.hostname);

/** Where they can be had, when this is the machine itself under its number. */
export const passkeyPlace = (): string | null => (/^(127\.[\d.]+|\[::1\])$/.test(location.hostname) ? `http://localhost${location.port ? `:${location.port}` : ""}` : null);

/** Whether the browser can offer passkeys among what it fills in. */
export const offersPasskeys = async (): Promise<boolean> => hasPasskeys() && "isConditionalMediationAvailable" in PublicKeyCredential && PublicKeyCredential.isConditionalMediationAvailable();

/** The person closed the browser's question, let it run out, or something else took its place. */
export const isGivenUp = (error: unknown): boolean => error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

/** The authenticator has a passkey of this person already. */
export const isKnownHere = (error: unknown): boolean => error instanceof DOMException && error.name === "InvalidStateError";

const credentialsOf = ({ options }: PasskeyChallenge): PublicKeyCredentialDescriptor[] =>
  options.credentials.map(({ id, transports }) => ({ type: "public-key", id: toBytes(id), transports: transports as AuthenticatorTransport[] }));

/** Has the browser make a passkey. Throws a DOMException when the person does not want to. */
export async function createPasskey(challenge: PasskeyChallenge, name: string): Promise<AddPasskeyRequest> {
  const { options } = challenge;
  const { user } = options;
  if (!user) throw new TypeError("A challenge for a passkey that is there.");
  const credential = (await navigator.credentials.create({
    publicKey: {
      challenge: toBytes(options.challenge),
      rp: { id: options.relyingParty, name: "JeanTrail" },
      user: { id: toBytes(user.id), name: user.name, displayName: user.displayName },
      pubKeyCredParams: options.algorithms.map((alg) => ({ type: "public-key", alg })),
      timeout: options.timeoutMs,
      excludeCredentials: credentialsOf(challenge),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
    },
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ceremony: challenge.ceremony,
    id: toText(credential.rawId),
    clientData: toText(response.clientDataJSON),
    attestation: toText(response.attestationObject),
    transports: response.getTransports(),
    name,
  };
}

/** Has the browser answer with a passkey. `quiet` waits until the person picks one in a field, until `signal` ends it. */
export async function answerWithPasskey(challenge: PasskeyChallenge, { quiet = false, signal }: { quiet?: boolean; signal?: AbortSignal } = {}): Promise<PasskeyAnswer> {
  const { options } = challenge;
  const credential = (await navigator.credentials.get({
    ...(quiet ? { mediation: "conditional" as const } : {}),
    ...(signal ? { signal } : {}),
    publicKey: {
      challenge: toBytes(options.challenge),
      rpId: options.relyingParty,
      timeout: options.timeoutMs,
      allowCredentials: credentialsOf(challenge),
      userVerification: "required",
    },
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ceremony: challenge.ceremony,
    id: toText(credential.rawId),
    clientData: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    userHandle: response.userHandle ? toText(response.userHandle) : null,
  };
}
