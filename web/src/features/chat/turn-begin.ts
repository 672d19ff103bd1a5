import type { Message, TurnEvents } from "@/shared/api/types";
import { currentLocale } from "@/shared/i18n/locale";
import { usePreferences } from "@/shared/theme/store";
import type { LiveState } from "./live-turn";

export const eventStream = { Accept: "text/event-stream" };

/** What every request for an answer says of where one is. */
export const surroundings = () => ({ language: currentLocale(), timeZone: usePreferences.getState().timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone });

export const emptyMessage = (role: Message["role"], id: string, parentId: string | null, words = ""): Message => ({
  id, parentId, role, text: words, language: null, modelId: null, status: role === "user" ? "complete" : "streaming", error: null,
  createdAt: new Date().toISOString(), turnId: null, siblingIds: [id], actions: [], citations: [], parts: [], pinned: false, marks: [], comments: 0, authorId: null,
});

/** A turn that nothing is known of yet. */
export const begin = (conversationId: string, parentId: string | null): Omit<LiveState, "answer"> => ({ conversationId, turnId: null, parentId, question: null, phase: "sending", connection: "live", problem: null });

const renamed = (message: Message, id: string): Message => ({ ...message, id, siblingIds: message.siblingIds.map((sibling) => (sibling === message.id ? id : sibling)) });

/** What changes when the server has taken it: its ids take the place of ours. */
export const taken = ({ phase, question, answer }: LiveState, turn: TurnEvents["turn"]): Partial<LiveState> => ({
  turnId: turn.turnId,
  phase: phase === "sending" ? "thinking" : phase,
  question: question && renamed(question, turn.userMessageId),
  answer: { ...renamed(answer, turn.assistantMessageId), parentId: turn.userMessageId, turnId: turn.turnId, modelId: turn.modelId || null },
});
