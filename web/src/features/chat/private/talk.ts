import { create } from "zustand";
import { send } from "@/shared/api/client";
import { ApiError, isApiError } from "@/shared/api/error";
import { readEvents, type ServerEvent } from "@/shared/api/events";
import { queryClient } from "@/shared/api/query-client";
import type { Message, Problem, SealedMessage, TurnEvents } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { usePreferences } from "@/shared/theme/store";
import { beginLive, changeLive, endLive, growPart, liveText, liveTurn, putPart, type LiveState } from "../live-turn";
import { announce, setTrouble } from "../store";
import { text as chatText } from "../text";
import { emptyMessage } from "../turns";
import type { Vault } from "./crypto";
import { openAll, openPiece } from "./opened";
import { privateKeys, privateMessagesQuery, privateOneQuery, stopTurn } from "./queries";
import { onLock, vaultNow } from "./vault";

const following = new Map<string, AbortController>();
// What is being written is said to nobody once it is locked; the turns go on on the server.
onLock(() => { for (const one of following.values()) one.abort(); });

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

const surroundings = () => ({ language: currentLocale(), timeZone: usePreferences.getState().timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone });
const begin = (conversationId: string, parentId: string | null): Omit<LiveState, "answer"> => ({ conversationId, turnId: null, parentId, question: null, phase: "sending", connection: "live", problem: null });

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

const attempts = 20;
const accept = { Accept: "text/event-stream" };

/** Reads a turn to its end: in plain over the connection that asks, by its sealed pieces after a drop. */
async function follow(vault: Vault, state: LiveState, path: string | null, body: () => Promise<unknown>): Promise<boolean> {
  const id = state.conversationId;
  if (following.has(id)) return false;
  const leaving = new AbortController();
  following.set(id, leaving);
  setTrouble(id, null);
  const words = beginLive(state);
  const { signal } = leaving;
  let request: unknown;
  let turnId = state.turnId;
  const end: { over: boolean; trouble: ApiError | Problem | null } = { over: false, trouble: null };
  // Asked anew each time: it changes while one waits.
  const ended = (): boolean => end.over || end.trouble !== null || signal.aborted;
  const take = async (event: ServerEvent): Promise<void> => {
    const data: unknown = JSON.parse(event.data);
    switch (event.name) {
      case "turn": turnId = adopt(id, data as TurnEvents["turn"]); break;
      case "delta": words.add((data as TurnEvents["delta"]).text, Number.parseInt(event.id ?? "", 10)); changeLive(id, { phase: "writing" }); break;
      case "part": putPart(id, data as TurnEvents["part"]); break;
      case "part-delta": growPart(id, data as TurnEvents["part-delta"]); break;
      case "piece": {
        const { number, box } = data as { number: number; box: string };
        const piece = await openPiece(vault, turnId ?? "", number, box);
        for (const { part, delta } of piece.steps) {
          if (part) putPart(id, part);
          else if (delta) growPart(id, delta);
        }
        if (piece.text) { words.add(piece.text, piece.at + piece.text.length); changeLive(id, { phase: "writing" }); }
        break;
      }
      case "done": end.over = true; break;
      // A stream that was closed by a restart is taken up again; anything else is final.
      case "error": if (![503, 504].includes((data as Problem).status)) { end.trouble = data as Problem; end.over = true; } break;
      default:
    }
  };
  for (let attempt = 0; !ended(); attempt++) {
    try {
      if (turnId === null && path !== null) request ??= await body();
      const response = turnId === null
        ? await send("POST", `/api/chat/private/conversations/${id}/turns${path ?? ""}`, { body: request, signal, headers: accept })
        : await send("GET", `/api/chat/private/turns/${turnId}/events`, { signal, headers: accept });
      changeLive(id, { connection: "live" });
      if (response.body) for await (const event of readEvents(response.body)) { await take(event); attempt = 0; if (ended()) break; }
    } catch (error) {
      if (isApiError(error) && error.status !== 0 && (error.status !== 429 || isApiError(error, "accounts.quota_exhausted")) && error.status < 500) end.trouble = error;
    }
    if (attempt >= attempts) end.trouble ??= { status: 0, code: "client.offline", title: "No connection" };
    if (ended()) break;
    changeLive(id, { connection: "lost" });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(4_000, 250 * 2 ** (attempt + 1))));
  }
  await settle(vault, id);
  following.delete(id);
  endLive(id);
  if (end.trouble && !signal.aborted) setTrouble(id, { error: end.trouble, retry: () => void refresh(id) });
  return turnId !== null;
}

/** The server's ids take the place of ours. */
function adopt(id: string, turn: TurnEvents["turn"]): string {
  const live = liveTurn(id);
  if (live) {
    const { question, answer } = live;
    const named = (message: Message, to: string): Message => ({ ...message, id: to, siblingIds: message.siblingIds.map((one) => (one === message.id ? to : one)) });
    changeLive(id, { turnId: turn.turnId, phase: live.phase === "sending" ? "thinking" : live.phase, question: question && named(question, turn.userMessageId), answer: { ...named(answer, turn.assistantMessageId), parentId: turn.userMessageId, turnId: turn.turnId, modelId: turn.modelId || null } });
  }
  announce(chatText.t("say.begun"));
  return turn.turnId;
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
