const returnKey = "jt:sign-in-return";
const proofKey = "jt:proof-state";

/** Leaves for an identity provider; the way back is a page of its own. */
export function goTo(url: string, returnTo?: string): Promise<never> {
  if (returnTo) sessionStorage.setItem(returnKey, returnTo);
  else sessionStorage.removeItem(returnKey);
  location.assign(url);
  // Busy until the page is gone.
  return new Promise(() => undefined);
}

/** Leaves to confirm at an identity provider that it is them, and comes back to this page. */
export function goProve(url: string): Promise<never> {
  sessionStorage.setItem(proofKey, new URL(url).searchParams.get("state") ?? "");
  return goTo(url, location.pathname + location.search);
}

/** Whether what comes back was sent to confirm, and not to sign in or to connect. */
export const isProof = (state: string): boolean => state !== "" && sessionStorage.getItem(proofKey) === state;

/** Where the person wanted to be before they were sent away; once. */
export function takeReturn(): string {
  const kept = sessionStorage.getItem(returnKey);
  sessionStorage.removeItem(returnKey);
  return ownPath(kept) ?? "/";
}

/** Only paths of our own: a full address would send the person elsewhere after signing in. */
export const ownPath = (value: unknown): string | undefined => (typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined);
