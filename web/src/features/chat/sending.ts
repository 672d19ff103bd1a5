import { api } from "@/shared/api/client";
import { ApiError, isApiError, isPassing } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { ConversationSummary, Problem, Session } from "@/shared/api/types";
import { interruptSpeech } from "@/shared/jean/speech";
import { sessionKey } from "@/shared/session/session";
import { raiseConversation } from "./cache";
import { liveTurn, useLive } from "./live-turn";
import { forget, keep, sendInBackground, waiting, type Outgoing } from "./outbox";
import { chatKeys } from "./queries";
import { usePending, type Pending } from "./store";
import { ask, prepareSpeech, turnOver } from "./turns";

/** What the server does not have by then may still wait when the page is closed. */
const promptMs = 2_000;

const userId = (): string => queryClient.getQueryData<Session | null>(sessionKey)?.user.id ?? "";

/** Sends a message: shown at once, kept until the server has it, answered when the conversation is free. The answer is its client id. */
export function sendMessage(message: Pick<Outgoing, "conversationId" | "text" | "parentId" | "modelId" | "projectId" | "attachments" | "besideId">): string {
  interruptSpeech();
  prepareSpeech();
  const item: Outgoing = { ...message, clientId: crypto.randomUUID(), userId: userId(), createdAt: new Date().toISOString() };
  usePending.setState(({ items }) => ({ items: [...items, { ...item, state: "waiting", problem: null }] }));
  keep(item).catch(() => undefined);
  setTimeout(() => {
    if (usePending.getState().items.some((i) => i.clientId === item.clientId)) sendInBackground().catch(() => undefined);
  }, promptMs);
  pump();
  return item.clientId;
}

export function retryMessage(clientId: string): void {
  change(clientId, { state: "waiting", problem: null });
  pump();
}

/** Takes a message back that was not sent. */
export function discardMessage(clientId: string): void {
  usePending.setState(({ items }) => ({ items: items.filter((i) => i.clientId !== clientId) }));
  forget(clientId).catch(() => undefined);
}

let restoredFor: string | null = null;
/** Takes up what an earlier visit could not send. */
export async function restoreOutbox(): Promise<void> {
  usePending.setState(({ items }) => ({ items: items.filter((i) => i.userId === userId()) }));
  if (restoredFor !== userId()) {
    restoredFor = userId();
    const kept = await waiting(userId()).catch(() => []);
    usePending.setState(({ items }) => ({ items: [...kept.filter((k) => !items.some((i) => i.clientId === k.clientId)).map((k): Pending => ({ ...k, state: "waiting", problem: null })), ...items] }));
  }
  retryAll();
}

/** Everything that failed for want of a connection goes out again. */
export function retryAll(): void {
  usePending.setState(({ items }) => ({ items: items.map((i) => (i.state === "failed" && i.problem && isPassing(i.problem) ? { ...i, state: "waiting", problem: null } : i)) }));
  pump();
}

function change(clientId: string, what: Partial<Pending>): void {
  usePending.setState(({ items }) => ({ items: items.map((i) => (i.clientId === clientId ? { ...i, ...what } : i)) }));
}

/** One message at a time in each conversation, in the order they were written. */
export function pump(): void {
  const busy = new Set<string>();
  for (const item of usePending.getState().items) {
    const place = item.conversationId ?? item.clientId;
    if (busy.has(place)) continue;
    busy.add(place);
    if (item.state === "waiting" && !liveTurn(place)) void deliver(item);
  }
}

async function deliver(item: Pending): Promise<void> {
  change(item.clientId, { state: "sending" });
  try {
    const conversationId = item.conversationId ?? (await createFor(item));
    let accepted = false;
    const outcome = await ask({ ...item, conversationId }, () => {
      accepted = true;
      discardMessage(item.clientId);
    });
    // The listener sets it while the turn is read, which the compiler cannot see.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    if (typeof outcome === "object" && !accepted) refuse(item.clientId, outcome.refused);
    if (outcome === "left") return change(item.clientId, { state: "failed", problem: ApiError.offline() });
  } catch (error) {
    refuse(item.clientId, isApiError(error) ? error : ApiError.offline());
  }
  pump();
}

function refuse(clientId: string, problem: ApiError | Problem): void {
  const { turnId } = problem instanceof ApiError ? problem.problem : problem;
  if (problem.code === "chat.turn_already_running" && turnId) void hold(clientId, turnId);
  else change(clientId, { state: "failed", problem });
}

/** Another window's turn is running there: ours goes out once, when that one is over. The page shows it meanwhile. */
async function hold(clientId: string, turnId: string): Promise<void> {
  change(clientId, { state: "held", problem: null });
  const outcome = await turnOver(turnId);
  if (outcome === "left") return;
  if (outcome === null) retryMessage(clientId);
  else change(clientId, { state: "failed", problem: outcome });
}

// What was written during an answer goes out after it, also when that answer was begun elsewhere and only joined here.
useLive.subscribe(({ turns }, before) => {
  if (Object.keys(before.turns).some((id) => !(id in turns))) pump();
});

async function createFor(item: Pending): Promise<string> {
  const made = await api.post<ConversationSummary>("/api/chat/conversations", { modelId: item.modelId ?? undefined, projectId: item.projectId ?? undefined }, { idempotencyKey: item.clientId });
  raiseConversation(queryClient, made);
  queryClient.setQueryData(chatKeys.messages(made.id), { pages: [{ items: [], nextCursor: null }], pageParams: [null] });
  keep({ ...item, conversationId: made.id }).catch(() => undefined);
  change(item.clientId, { conversationId: made.id });
  usePending.setState((s) => ({ made: { ...s.made, [item.clientId]: made.id } }));
  return made.id;
}
