import { create } from "zustand";
import { send } from "@/shared/api/client";
import { isApiError, type ApiError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Message, Problem, SealedMessage, SealedPiece } from "@/shared/api/types";
import { beginLive, changeLive, endLive, growPart, liveText, liveTurn, putPart, type LiveState } from "../live-turn";
import { announce, setTrouble } from "../store";
import { text as chatText } from "../text";
import { begin, emptyMessage, eventStream, surroundings, taken } from "../turn-begin";
import { TurnStream } from "../turn-stream";
import type { Vault } from "./crypto";
import { openAll, openPiece } from "./opened";
import { privateKeys, privateMessagesQuery, privateOneQuery, stopTurn } from "./queries";
import { onLock, vaultNow } from "./vault";

const following = new Map<string, TurnStream>();
// What is being written is said to nobody once it is locked; the turns go on on the server.
onLock(() => { for (const one of following.values()) one.leave(); });

/** What was typed and not taken by the server: it goes back into the box. In memory only. */
export const useUnsent = create<{ by: Readonly<Record<string, string>> }>()(() => ({ by: {} }));
const giveBack = (id: string, text: string): void => useUnsent.setState(({ by }) => ({ by: { ...by, [id]: text } }));
onLock(() => useUnsent.setState({ by: {} }));

const mostLines = 200;
/** A request body may have a megabyte; letters outside of ASCII take up to three bytes, and JSON escapes some. */
const mostBytes = 700_000;

interface Line { role: "user" | "assistant"; text: string }

/** The end of what was said that fits into a request, oldest first. */
export function fitting(lines: readonly Line[]): Line[] {
  const encoder = new TextEncoder();
  let room = mostBytes;
  let from = lines.length;
  while (from > 0 && lines.length - from < mostLines) {
    room -= encoder.encode(JSON.stringify(lines[from - 1])).length;
    if (room < 0) break;
    from--;
  }
  return lines.slice(from);
}

/** What was said down to a message of the shown branch, opened: only this browser can tell the server. */
export async function wayTo(vault: Vault, id: string, messageId: string | null): Promise<Line[]> {
  if (messageId === null) return [];
  const pages = await queryClient.infiniteQuery({ ...privateMessagesQuery(id), pages: 3, staleTime: 0 });
  const sealed: SealedMessage[] = pages.pages.flatMap((page) => page.items);
  const at = sealed.findIndex((one) => one.id === messageId);
  const opened = await openAll(vault, at < 0 ? [] : sealed.slice(at, at + mostLines));
  return fitting(opened.reverse().map(({ role, text }) => ({ role, text })));
}

interface Question {
  text: string;
  parentId: string | null;
  modelId: string | null;
  /** The versions it stands beside. */
  siblings?: readonly string[];
}

/** Says something and follows the answer to its end. What the server does not take is given back. */
export async function ask(vault: Vault, id: string, { text, parentId, modelId, siblings = [] }: Question): Promise<void> {
  useUnsent.setState(({ by }) => ({ by: Object.fromEntries(Object.entries(by).filter(([one]) => one !== id)) }));
  const clientId = crypto.randomUUID();
  const question = { ...emptyMessage("user", clientId, parentId, text), siblingIds: [...siblings, clientId] };
  const state = { ...begin(id, parentId), question, answer: emptyMessage("assistant", `answer ${clientId}`, clientId) };
  const taken = await follow(vault, state, "", async () => ({ clientId, text, parentMessageId: parentId ?? undefined, modelId: modelId ?? undefined, way: await wayTo(vault, id, parentId), ...surroundings() }));
  if (!taken && vaultNow() === vault) giveBack(id, text);
}

/** Answers anew, beside the earlier answer. */
export function regenerate(vault: Vault, id: string, message: Message): void {
  const clientId = crypto.randomUUID();
  const empty = emptyMessage("assistant", `answer ${clientId}`, message.parentId);
  const state = { ...begin(id, message.parentId), answer: { ...empty, siblingIds: [...message.siblingIds, empty.id] } };
  void follow(vault, state, "/regenerate", async () => ({ clientId, messageId: message.id, way: await wayTo(vault, id, message.parentId), ...surroundings() }));
}

/** Takes up an answer where it broke off. */
export function continueAnswer(vault: Vault, id: string, message: Message): void {
  const state = { ...begin(id, message.parentId), answer: { ...message, status: "streaming" as const, error: null } };
  const { turnId, text, parts } = message;
  void follow(vault, state, "/continue", async () => ({ clientId: crypto.randomUUID(), messageId: message.id, turnId, text, parts, way: await wayTo(vault, id, message.parentId), ...surroundings() }));
}

/** Follows an answer that another window asked for, or this one before it was loaded anew. */
export function join(vault: Vault, id: string, turnId: string, message: Message): void {
  void follow(vault, { ...begin(id, message.parentId), turnId, answer: message, phase: message.text ? "writing" : "thinking" }, null, () => Promise.resolve(undefined));
}

export function stop(id: string): void {
  const turnId = liveTurn(id)?.turnId;
  if (turnId) stopTurn(turnId).catch((error: unknown) => { if (isApiError(error)) setTrouble(id, { error, retry: () => stop(id) }); });
}

/** Reads it again; what runs is then joined by the page. */
export async function refresh(id: string): Promise<void> {
  setTrouble(id, null);
  await Promise.all([queryClient.invalidateQueries({ queryKey: privateKeys.messages(id) }), queryClient.invalidateQueries({ queryKey: privateKeys.one(id) }), queryClient.invalidateQueries({ queryKey: privateKeys.list })]);
}

/** Reads a turn to its end: in plain over the connection that asks, by its sealed pieces after a drop. */
async function follow(vault: Vault, state: LiveState, path: string | null, body: () => Promise<unknown>): Promise<boolean> {
  const id = state.conversationId;
  if (following.has(id)) return false;
  setTrouble(id, null);
  const words = beginLive(state);
  const written = (piece: string, at: number | null): void => { words.add(piece, at); changeLive(id, { phase: "writing" }); };
  let { turnId } = state;
  const end: { trouble: ApiError | Problem | null } = { trouble: null };
  let opened = Promise.resolve();
  let request: unknown;
  const again = (signal: AbortSignal): Promise<Response> => send("GET", `/api/chat/private/turns/${turnId ?? ""}/events`, { signal, headers: eventStream });
  const first = async (signal: AbortSignal): Promise<Response> =>
    send("POST", `/api/chat/private/conversations/${id}/turns${path ?? ""}`, { body: request ??= await body(), signal, headers: eventStream });
  const show = async ({ number, box }: SealedPiece): Promise<void> => {
    const piece = await openPiece(vault, turnId ?? "", number, box);
    for (const { part, delta } of piece.steps) {
      if (part) putPart(id, part);
      else if (delta) growPart(id, delta);
    }
    if (piece.text) written(piece.text, piece.at + piece.text.length);
  };
  const stream = new TurnStream({ first: path === null ? again : first, resume: (_, __, signal) => again(signal) }, {
    turn: (turn) => {
      turnId = turn.turnId;
      const live = liveTurn(id);
      if (live) changeLive(id, taken(live, turn));
      announce(chatText.t("say.begun"));
    },
    delta: written,
    part: (part) => putPart(id, part),
    partDelta: (delta) => growPart(id, delta),
    // What cannot be opened is missing here only until what is kept is read.
    piece: (piece) => { opened = opened.then(() => show(piece)).catch(() => undefined); },
    connection: (connection) => changeLive(id, { connection }),
    failed: (problem) => { end.trouble = problem; },
  });
  following.set(id, stream);
  await stream.run();
  await opened;
  await settle(vault, id);
  following.delete(id);
  endLive(id);
  if (end.trouble) setTrouble(id, { error: end.trouble, retry: () => void refresh(id) });
  return turnId !== null;
}

/** What the server has sealed is read and opened before what was shown live goes. */
async function settle(vault: Vault, id: string): Promise<void> {
  if (vaultNow() !== vault) return;
  try {
    await refresh(id);
    const pages = queryClient.getQueryData(privateMessagesQuery(id).queryKey) ?? await queryClient.infiniteQuery(privateMessagesQuery(id));
    await openAll(vault, pages.pages.flatMap((page) => page.items));
    await queryClient.query({ ...privateOneQuery(id), staleTime: 0 });
  } catch {
    // What was shown goes; the page reads it when the server is back.
  }
  announce(chatText.t(liveText(id)?.get() ? "say.ended" : "say.broke"));
}
