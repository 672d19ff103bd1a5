import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { ApiError } from "@/shared/api/error";
import type { Problem } from "@/shared/api/types";
import type { Outgoing } from "./outbox";

/** The key of what belongs to a conversation that does not exist yet. */
export const newChat = "new";

/** What was typed and not sent, by conversation. */
export const useDrafts = create<{ drafts: Readonly<Record<string, string>> }>()(
  persist(() => ({ drafts: {} }), { name: "jt:drafts", version: 1 }),
);
const mostDrafts = 50;
export function setDraft(key: string, text: string): void {
  useDrafts.setState(({ drafts }) => {
    const others = Object.entries(drafts).filter(([k]) => k !== key).slice(-mostDrafts + 1);
    return { drafts: Object.fromEntries(text ? [...others, [key, text]] : others) };
  });
}

/** A message on its way: waiting for its turn here, held while another window's turn runs, being sent, or refused. */
export interface Pending extends Outgoing {
  state: "waiting" | "held" | "sending" | "failed";
  problem: ApiError | Problem | null;
}
interface Outbox {
  items: readonly Pending[];
  /** The conversations first messages began, by the message's client id. */
  made: Readonly<Record<string, string>>;
}
export const usePending = create<Outbox>()(() => ({ items: [], made: {} }));
export const pendingOf = (items: readonly Pending[], conversationId: string | null): Pending[] => items.filter((i) => i.conversationId === conversationId);

/** What went wrong in a conversation besides a message of its own, and how to try again. */
export interface Trouble {
  error: ApiError | Problem;
  retry: () => void;
}
export const useTrouble = create<{ by: Readonly<Record<string, Trouble>> }>()(() => ({ by: {} }));
export function setTrouble(conversationId: string, trouble: Trouble | null): void {
  useTrouble.setState(({ by }) => ({ by: Object.fromEntries([...Object.entries(by).filter(([id]) => id !== conversationId), ...(trouble ? [[conversationId, trouble] as const] : [])]) }));
}

/** The one sentence a screen reader hears about an answer: begun, ended, failed. */
export const useAnnouncement = create<{ text: string }>()(() => ({ text: "" }));
export const announce = (text: string): void => useAnnouncement.setState({ text });

/** The version a press has just brought up: it comes into sight, and the next press of the same button goes on from there. */
export const useSwitched = create<{ id: string | null; step: -1 | 1 }>()(() => ({ id: null, step: 1 }));

/** Whether the messages are being scrolled. */
export const useScrolling = create<{ moving: boolean }>()(() => ({ moving: false }));
