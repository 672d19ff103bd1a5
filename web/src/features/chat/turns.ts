import { hashKey } from "@tanstack/react-query";
import { api, send } from "@/shared/api/client";
import { isApiError, type ApiError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Attachment, Message, MessagePart, MessageStatus, Problem, TurnEvents } from "@/shared/api/types";
import { setWork } from "@/shared/jean/activity";
import { interruptSpeech, say, silenceCount, unlockSpeech, useSpeech } from "@/shared/jean/speech";
import { useJean } from "@/shared/jean/store";
import { sessionKey } from "@/shared/session/session";
import { usePreferences } from "@/shared/theme/store";
import { patchConversation, patchMessages } from "./cache";
import { runClientAction } from "./client-actions";
import { addExtra, beginLive, changeLive, endLive, growPart, liveText, liveTurn, putPart, wholeParts, type LiveState } from "./live-turn";
import { setFollowed } from "./live";
import { chatKeys, messagesQuery } from "./queries";
import { announce, setTrouble } from "./store";
import { text } from "./text";
import { begin, emptyMessage, eventStream, surroundings, taken } from "./turn-begin";
import { TurnStream, type TurnSource } from "./turn-stream";

interface Following {
  stream: TurnStream;
  stopWanted: boolean;
}
const following = new Map<string, Following>();
/** Turns the server would not show us; asking again by ourselves would go on for ever. */
const refusedTurns = new Set<string>();
/** React keys outlive the change from our own id to the server's. */
const localIds = new Map<string, string>();
export const keyOf = (message: Message): string => localIds.get(message.id) ?? message.id;

const resume: TurnSource["resume"] = (turnId, lastEventId, signal) => send("GET", `/api/chat/turns/${turnId}/events`, { signal, headers: { ...eventStream, "Last-Event-ID": lastEventId } });
const post = (path: string, body: unknown): TurnSource => ({ first: (signal) => send("POST", path, { body, signal, headers: eventStream }), resume });

/** What was attached, as the server will show it. */
export const partsOf = (attachments: readonly Attachment[]): MessagePart[] => attachments.map((attachment, ordinal) => ({
  ordinal, kind: attachment.width === null ? "file" : "image", at: 0, attachment,
  text: null, state: null, durationMs: null, callId: null, name: null, arguments: null, result: null, url: null, code: null,
}));

interface Question {
  conversationId: string;
  clientId: string;
  text: string;
  parentId: string | null;
  modelId: string | null;
  createdAt: string;
  attachments?: readonly Attachment[];
  /** What it says in other words. */
  besideId?: string;
}
export type Outcome = "done" | "left" | { refused: ApiError | Problem };

/** Later than this, what an answer wanted to do on the screen is no news any more. */
const freshMs = 60_000;

/** Asks, and follows the answer to its end. `accepted` is called when the server has the question safe. */
export function ask(q: Question, accepted: () => void): Promise<Outcome> {
  // Only for showing it in its place: the server takes its own end of the branch.
  const parentId = q.besideId ? q.parentId : q.parentId ?? newestId(q.conversationId);
  const empty = emptyMessage("user", q.clientId, parentId, q.text);
  const versions = q.besideId ? knownMessage(q.conversationId, q.besideId)?.siblingIds ?? [q.besideId] : [];
  const question = { ...empty, siblingIds: [...versions, empty.id], parts: partsOf(q.attachments ?? []) };
  const attachmentIds = q.attachments?.length ? q.attachments.map((a) => a.id) : undefined;
  const fresh = Date.now() - Date.parse(q.createdAt) < freshMs;
  return follow(
    { ...begin(q.conversationId, parentId), question, answer: emptyMessage("assistant", `answer ${q.clientId}`, q.clientId) },
    post(`/api/chat/conversations/${q.conversationId}/turns`, { clientId: q.clientId, text: q.text, parentMessageId: q.besideId ? undefined : q.parentId ?? undefined, besideMessageId: q.besideId, modelId: q.modelId ?? undefined, attachmentIds, ...surroundings() }),
    { acts: fresh, accepted },
  );
}

/** Takes up an answer where it broke off. */
export const continueAnswer = (conversationId: string, message: Message): void => {
  prepareSpeech();
  const source = post(`/api/chat/conversations/${conversationId}/turns/continue`, { clientId: crypto.randomUUID(), messageId: message.id, ...surroundings() });
  void again(conversationId, { ...begin(conversationId, message.parentId), answer: { ...message, status: "streaming", error: null } }, source, () => continueAnswer(conversationId, message));
};

/** Answers anew, beside the earlier answer, which stays. */
export const regenerate = (conversationId: string, message: Message, modelId: string | null): void => {
  prepareSpeech();
  const clientId = crypto.randomUUID();
  const source = post(`/api/chat/conversations/${conversationId}/turns/regenerate`, { clientId, messageId: message.id, modelId: modelId ?? undefined, ...surroundings() });
  const empty = emptyMessage("assistant", `answer ${clientId}`, message.parentId);
  const answer = { ...empty, siblingIds: [...message.siblingIds, empty.id] };
  void again(conversationId, { ...begin(conversationId, message.parentId), answer }, source, () => regenerate(conversationId, message, modelId));
};

/** Another model's answer to the same question, written beside all others; what is shown stays. */
export const beside = (conversationId: string, messageId: string, clientId: string, modelId: string): TurnSource =>
  post(`/api/chat/conversations/${conversationId}/turns/regenerate`, { clientId, messageId, modelId, together: true, ...surroundings() });

/** Follows a turn that is running already: after a reload, or because another window began it. */
export function join(conversationId: string, turnId: string, message: Message): void {
  if (refusedTurns.has(turnId)) return;
  const source: TurnSource = {
    first: (signal) => send("GET", `/api/chat/turns/${turnId}/events`, { query: { after: message.text.length }, signal, headers: eventStream }),
    resume,
  };
  void again(conversationId, { ...begin(conversationId, message.parentId), turnId, answer: { ...message, status: "streaming" }, phase: message.text ? "writing" : "thinking" }, source, () => void refresh(conversationId), false);
}

/** Ends the answer where it is; what there is of it is kept. */
export function stopAnswer(conversationId: string): void {
  interruptSpeech();
  const followed = following.get(conversationId);
  const turnId = liveTurn(conversationId)?.turnId;
  if (followed && !turnId) {
    followed.stopWanted = true;
    // Nothing arrived yet and nothing will for a while: there is no answer to wait for.
    if (liveTurn(conversationId)?.connection === "lost") followed.stream.leave();
  }
  if (turnId) api.post(`/api/chat/turns/${turnId}/stop`).catch((error: unknown) => { if (isApiError(error)) setTrouble(conversationId, { error, retry: () => stopAnswer(conversationId) }); });
}

/** Reads a conversation again; a turn that runs is then joined by the page. */
export async function refresh(conversationId: string): Promise<void> {
  setTrouble(conversationId, null);
  refusedTurns.clear();
  await Promise.all([queryClient.invalidateQueries({ queryKey: chatKeys.messages(conversationId) }), queryClient.invalidateQueries({ queryKey: chatKeys.one(conversationId) })]);
}

const watching = new Set<TurnStream>();
/** Later than any end of an answer: only how it ends is asked for. */
const pastAnyText = 2_147_483_647;

/** Settles with null when a turn that began elsewhere is over, with a problem when that cannot be seen, with "left" at sign-out. Shows nothing. */
export async function turnOver(turnId: string): Promise<ApiError | Problem | "left" | null> {
  let outcome: ApiError | Problem | "left" | null = "left";
  const stream = new TurnStream(
    { first: (signal) => send("GET", `/api/chat/turns/${turnId}/events`, { query: { after: pastAnyText }, signal, headers: eventStream }), resume },
    { done: () => { outcome = null; }, failed: (problem) => { outcome = problem; } },
  );
  watching.add(stream);
  await stream.run();
  watching.delete(stream);
  return outcome;
}

// At sign-out every stream is left; the turns go on on the server, and the next person sees nothing of them.
queryClient.getQueryCache().subscribe(({ type, query }) => {
  if (type === "updated" && query.queryHash === hashKey(sessionKey) && query.state.data === null) for (const stream of [...watching, ...[...following.values()].map((f) => f.stream)]) stream.leave();
});

const newestId = (conversationId: string): string | null => queryClient.getQueryData(messagesQuery(conversationId).queryKey)?.pages[0]?.items[0]?.id ?? null;
export const knownMessage = (conversationId: string, id: string): Message | undefined =>
  queryClient.getQueryData(messagesQuery(conversationId).queryKey)?.pages.flatMap((page) => page.items).find((message) => message.id === id);

/** Sound that follows a press is allowed; what nobody wants to hear needs no permission. */
export function prepareSpeech(): void {
  if (usePreferences.getState().speakReplies) unlockSpeech();
}

async function again(conversationId: string, state: LiveState, source: TurnSource, retry: () => void, acts = true): Promise<void> {
  if (following.has(conversationId)) return;
  setTrouble(conversationId, null);
  const outcome = await follow(state, source, { acts, accepted: () => undefined });
  if (typeof outcome === "object") setTrouble(conversationId, { error: outcome.refused, retry });
}

function follow(state: LiveState, source: TurnSource, { acts, accepted }: { acts: boolean; accepted: () => void }): Promise<Outcome> {
  const { conversationId } = state;
  const live = beginLive(state);
  const here = (): LiveState => liveTurn(conversationId)!;
  let outcome: Outcome = "left";
  const silences = silenceCount();
  // Interrupted once, the rest of this answer stays silent too.
  const aloud = (): boolean => acts && silences === silenceCount() && usePreferences.getState().speakReplies && !useSpeech.getState().unavailable;
  setWork(state.phase === "writing" ? "writing" : "thinking");
  if (acts) announce(text.t("say.begun"));

  const stream = new TurnStream(source, {
    turn: (turn, at) => {
      accepted();
      adopt(here(), turn);
      live.cut(at);
      if (following.get(conversationId)?.stopWanted) stopAnswer(conversationId);
    },
    delta: (piece, end) => {
      if (here().phase !== "writing") {
        changeLive(conversationId, { phase: "writing" });
        setWork("writing");
      }
      live.add(piece, end);
    },
    sentence: ({ text: words, language }) => {
      if (aloud()) say(here().answer.id, { text: words, language });
      else if (!useJean.getState().playing) useJean.setState({ caption: words, captionLanguage: language });
    },
    action: (action) => {
      addExtra(conversationId, { action });
      if (acts) runClientAction(action, false);
    },
    citation: (citation) => addExtra(conversationId, { citation }),
    part: (part) => putPart(conversationId, part),
    partDelta: (delta) => growPart(conversationId, delta),
    connection: (connection) => changeLive(conversationId, { connection }),
    done: (done) => {
      outcome = "done";
      // Who answered may differ from who was asked: a skill can be quicker.
      if (done.modelId) changeLive(conversationId, { answer: { ...here().answer, modelId: done.modelId } });
      settle(here(), statusOf(done.status), done.error, done.title);
    },
    failed: (problem) => {
      // The server has it and may still be writing: what is here is kept, and reading it again tells the rest.
      const { turnId } = here();
      if (turnId) {
        if (problem.status >= 400 && problem.status < 500) refusedTurns.add(turnId);
        settle(here(), "streaming", null, null);
      } else if (isApiError(problem, "chat.turn_already_running")) void refresh(conversationId);
      outcome = { refused: problem };
    },
  });
  following.set(conversationId, { stream, stopWanted: false });
  setFollowed(conversationId, true);
  return stream.run().then(() => {
    following.delete(conversationId);
    setFollowed(conversationId, false);
    endLive(conversationId);
    setWork(typeof outcome === "object" ? "failed" : "idle");
    return outcome;
  });
}

/** The server's ids take the place of ours. */
function adopt(state: LiveState, turn: TurnEvents["turn"]): void {
  const { conversationId, question, answer } = state;
  if (answer.id !== turn.assistantMessageId) localIds.set(turn.assistantMessageId, keyOf(answer));
  if (question && question.id !== turn.userMessageId) localIds.set(turn.userMessageId, keyOf(question));
  changeLive(conversationId, taken(state, turn));
  patchConversation(queryClient, conversationId, { runningTurnId: turn.turnId, ...(turn.title ? { title: turn.title } : {}) });
}

function settle(state: LiveState, status: MessageStatus, error: Message["error"], title: string | null): void {
  const { conversationId, question } = state;
  const answer = { ...state.answer, text: liveText(conversationId)?.get() ?? state.answer.text, parts: wholeParts(conversationId, state.answer.parts), status, error };
  patchMessages(queryClient, conversationId, state.parentId, question ? [question, answer] : [answer]);
  void queryClient.invalidateQueries({ queryKey: chatKeys.context(conversationId) });
  patchConversation(queryClient, conversationId, {
    ...(status === "streaming" ? {} : { runningTurnId: null }),
    headMessageId: answer.id, updatedAt: new Date().toISOString(), ...(title ? { title } : {}),
  });
  announce(status === "failed" ? text.t("say.failed", { reason: error?.detail ?? error?.title ?? "" }) : text.t(status === "complete" ? "say.ended" : "say.broke"));
}

export const statusOf = (status: TurnEvents["done"]["status"]): MessageStatus => (status === "completed" ? "complete" : status);
