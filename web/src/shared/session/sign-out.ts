import { api } from "@/shared/api/client";
import { showToast } from "@/shared/ui/toast";
import { describeError } from "@/shared/api/error";
import { disconnect } from "@/shared/live/live";
import { endSession } from "./session";

/** Ends the session on the server, then here. The routes notice and show the sign-in page. */
export async function signOut(): Promise<void> {
  try {
    await api.post("/api/accounts/sign-out");
  } catch (error) {
    // Still signed in on the server: saying otherwise would be a lie.
    showToast({ text: describeError(error), tone: "bad" });
    return;
  }
  await disconnect();
  endSession();
}
