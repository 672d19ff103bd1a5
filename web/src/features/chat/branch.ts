import type { Message } from "@/shared/api/types";
import { branchBelow } from "./cache";
import type { LiveState } from "./live-turn";
import type { Pending } from "./store";
import { emptyMessage } from "./turn-begin";
import { partsOf } from "./turns";

/** One line of the conversation as it is shown. */
export interface Entry {
  message: Message;
  /** Its text is growing in this window. */
  live: LiveState | null;
  /** Not on the server yet. */
  pending: Pending | null;
}

/** The conversation oldest first: what the server has, what is being answered here, what waits to be sent. */
export function entriesOf(newestFirst: readonly Message[], live: LiveState | undefined, pending: readonly Pending[]): Entry[] {
  let stored = newestFirst;
  const added: Entry[] = [];
  if (live) {
    const at = stored.findIndex((m) => m.id === live.answer.id);
    if (at < 0) {
      stored = branchBelow(stored, live.parentId);
      if (live.question) added.push({ message: live.question, live: null, pending: null });
      added.push({ message: live.answer, live, pending: null });
    }
  }
  const waiting = pending.filter((p) => p.clientId !== live?.question?.id);
  // In other words: it stands where the first wording stood, with nothing below it yet.
  const [first] = waiting;
  if (!live && first?.besideId) stored = branchBelow(stored, first.parentId);
  const entries = stored.toReversed().map((message): Entry => {
    const growing = message.id === live?.answer.id;
    return { message: growing ? live.answer : message, live: growing ? live : null, pending: null };
  });
  return [...entries, ...added, ...waiting.map((p): Entry => ({ message: { ...emptyMessage("user", p.clientId, null, p.text), parts: partsOf(p.attachments ?? []) }, live: null, pending: p }))];
}
