import { describeError } from "@/shared/api/error";
import type { ConversationSummary } from "@/shared/api/types";
import { queryClient } from "@/shared/api/query-client";
import { showToast } from "@/shared/ui/toast";
import { letOut, peopleQuery } from "./queries";

/** Goes out of somebody else's conversation. */
export async function leave({ id }: ConversationSummary): Promise<void> {
  try {
    const { you } = await queryClient.query(peopleQuery(id));
    await letOut(id, you);
  } catch (error) {
    showToast({ text: describeError(error), tone: "bad" });
  }
}
