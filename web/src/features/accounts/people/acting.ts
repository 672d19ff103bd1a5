import type { Session } from "@/shared/api/types";
import { beginSession, endSession } from "@/shared/session/session";

/** Becomes another person in this browser, or oneself again. Nothing that was loaded for the one may be shown to the other: the page starts anew. */
export async function enterAs(session: Session | undefined, to = "/"): Promise<void> {
  if (session) await beginSession(session);
  else endSession();
  window.location.assign(to);
}
