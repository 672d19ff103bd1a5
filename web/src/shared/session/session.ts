import { queryOptions } from "@tanstack/react-query";
import { api, setCsrfToken } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { Session } from "@/shared/api/types";
import { adoptPreferences, forgetPreferencesOwner } from "@/shared/theme/sync";

export const sessionKey = ["accounts", "session"] as const;

/** The signed-in person, or null. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }): Promise<Session | null> => {
    // Without content: nobody is signed in.
    const session = await api.get<Session | undefined>("/api/accounts/session", { signal });
    if (session) await adopt(session);
    return session ?? null;
  },
});

async function adopt(session: Session): Promise<void> {
  setCsrfToken(session.csrfToken);
  await adoptPreferences(session.user.id, session.preferences);
}

type Said = "signed-in" | "signed-out";
const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("jt:session");

/** Takes over a new session, here and in the other tabs. */
export async function beginSession(session: Session): Promise<void> {
  queryClient.setQueryData(sessionKey, session);
  await adopt(session);
  tabs?.postMessage("signed-in" satisfies Said);
}

/** Forgets the person and all that was loaded for them. */
export function endSession(tell = true): void {
  setCsrfToken(null);
  forgetPreferencesOwner();
  queryClient.clear();
  queryClient.setQueryData(sessionKey, null);
  if (tell) tabs?.postMessage("signed-out" satisfies Said);
}

/** What another tab did: signed in as somebody, or signed out. */
export function onOtherTab(listener: (said: Said) => void): () => void {
  const handle = (event: MessageEvent<Said>): void => listener(event.data);
  tabs?.addEventListener("message", handle);
  return () => tabs?.removeEventListener("message", handle);
}
