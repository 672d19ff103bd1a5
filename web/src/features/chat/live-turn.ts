import { create } from "zustand";
import type { ApiError } from "@/shared/api/error";
import type { Citation, ClientAction, Message, MessagePart, Problem, TurnEvents } from "@/shared/api/types";

/** A turn this window follows. What changes with every word is in `text`; the rest changes a few times. */
export interface LiveState {
  conversationId: string;
  turnId: string | null;
  parentId: string | null;
  /** The question, for a turn that began with one here. */
  question: Message | null;
  answer: Message;
  phase: "sending" | "thinking" | "writing";
  connection: "live" | "lost";
  problem: ApiError | Problem | null;
}

/**
 * The growing text of one answer, outside of React. Readers hear of it at most once a frame, whatever the speed of the model.
 */
export class LiveText {
  #text: string;
  #frame: number | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(text: string) {
    this.#text = text;
  }

  readonly get = (): string => this.#text;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The text up to `at` is right; what follows comes again. */
  cut(at: number): void {
    if (at >= this.#text.length) return;
    this.#text = this.#text.slice(0, at);
    this.#tell();
  }

  /** Adds a piece that ends at `end`; a piece that is already there changes nothing. */
  add(piece: string, end: number | null): void {
    const start = end === null ? this.#text.length : end - piece.length;
    if (end !== null && end <= this.#text.length) return;
    this.#text = this.#text.slice(0, start) + piece;
    this.#tell();
  }

  /** All of it, whatever was there. */
  replace(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#tell();
  }

  #tell(): void {
    if (this.#frame !== undefined) return;
    const tell = (): void => {
      this.#frame = undefined;
      for (const listener of this.#listeners) listener();
    };
    // A hidden page gets no frames.
    this.#frame = document.visibilityState === "hidden" ? Number(setTimeout(tell, 250)) : requestAnimationFrame(tell);
  }
}

interface Live {
  turns: Readonly<Record<string, LiveState>>;
}
export const useLive = create<Live>()(() => ({ turns: {} }));
const texts = new Map<string, LiveText>();
/** The growing texts of parts, by conversation and ordinal. */
const partTexts = new Map<string, Map<number, LiveText>>();

/** The turn that is running in a conversation, seen from this window. */
export const liveTurn = (conversationId: string): LiveState | undefined => useLive.getState().turns[conversationId];
export const liveText = (conversationId: string): LiveText | undefined => texts.get(conversationId);

export function beginLive(state: LiveState): LiveText {
  const text = new LiveText(state.answer.text);
  texts.set(state.conversationId, text);
  partTexts.set(state.conversationId, new Map(state.answer.parts.filter((p) => p.kind === "reasoning").map((p) => [p.ordinal, new LiveText(p.text ?? "")])));
  useLive.setState(({ turns }) => ({ turns: { ...turns, [state.conversationId]: state } }));
  return text;
}

export function changeLive(conversationId: string, change: Partial<LiveState>): void {
  useLive.setState(({ turns }) => {
    const before = turns[conversationId];
    return before ? { turns: { ...turns, [conversationId]: { ...before, ...change } } } : { turns };
  });
}

export function addExtra(conversationId: string, extra: { action: ClientAction } | { citation: Citation }): void {
  const answer = liveTurn(conversationId)?.answer;
  if (!answer) return;
  changeLive(conversationId, {
    answer: "action" in extra ? { ...answer, actions: [...answer.actions, extra.action] } : { ...answer, citations: [...answer.citations, extra.citation] },
  });
}

export const livePartText = (conversationId: string, ordinal: number): LiveText | undefined => partTexts.get(conversationId)?.get(ordinal);

/** A part as it is now, in the place of the one with its number. */
export function putPart(conversationId: string, part: MessagePart): void {
  const answer = liveTurn(conversationId)?.answer;
  const known = partTexts.get(conversationId);
  if (!answer || !known) return;
  if (part.kind === "reasoning") {
    const text = known.get(part.ordinal) ?? new LiveText("");
    known.set(part.ordinal, text);
    if (part.text !== null) text.replace(part.text);
  }
  const others = answer.parts.filter((p) => p.ordinal !== part.ordinal);
  changeLive(conversationId, { answer: { ...answer, parts: [...others, part].sort((a, b) => a.ordinal - b.ordinal) } });
}

export const growPart = (conversationId: string, { ordinal, at, text }: TurnEvents["part-delta"]): void =>
  livePartText(conversationId, ordinal)?.add(text, at + text.length);

/** The parts with the texts they have come to. */
export const wholeParts = (conversationId: string, parts: readonly MessagePart[]): MessagePart[] =>
  parts.map((part) => (part.kind === "reasoning" ? { ...part, text: livePartText(conversationId, part.ordinal)?.get() ?? part.text } : part));

export function endLive(conversationId: string): void {
  partTexts.delete(conversationId);
  texts.delete(conversationId);
  useLive.setState(({ turns }) => ({ turns: Object.fromEntries(Object.entries(turns).filter(([id]) => id !== conversationId)) }));
}
