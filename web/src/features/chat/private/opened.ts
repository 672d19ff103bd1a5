import { useEffect } from "react";
import { create } from "zustand";
import type { Message, MessagePart, SealedMessage, TurnEvents } from "@/shared/api/types";
import { emptyMessage } from "../turn-begin";
import { openBox, type Vault } from "./crypto";
import { text } from "./text";
import { onLock, vaultNow } from "./vault";

/** What was opened, in memory only: messages by id and by what they were opened from, titles by their boxes, as the list and the page may know different ones for a moment. */
const useOpened = create<{ messages: Readonly<Record<string, { sign: string; message: Message }>>; titles: Readonly<Record<string, string>> }>()(() => ({ messages: {}, titles: {} }));
onLock(() => useOpened.setState({ messages: {}, titles: {} }, true));

interface PrivateText {
  text: string;
  parts: MessagePart[];
  actions: Message["actions"];
  citations: Message["citations"];
  error: Message["error"];
}

export interface PrivatePiece {
  at: number;
  text: string;
  steps: { part?: MessagePart; delta?: TurnEvents["part-delta"] }[];
}

const signOf = (sealed: SealedMessage): string => `${sealed.turnId ?? ""} ${sealed.status} ${sealed.box?.length ?? 0} ${sealed.pieces.length} ${sealed.siblingIds.length}`;

export const openPiece = async (vault: Vault, turnId: string, number: number, box: string): Promise<PrivatePiece> =>
  JSON.parse(await openBox(vault, `piece:${turnId}:${number}`, box)) as PrivatePiece;

/** A part as it is now; one without text keeps what it has. */
function put(parts: readonly MessagePart[], part: MessagePart): MessagePart[] {
  const before = parts.find((p) => p.ordinal === part.ordinal);
  return [...parts.filter((p) => p !== before), { ...part, text: part.text ?? before?.text ?? null }].sort((a, b) => a.ordinal - b.ordinal);
}

/** A message as the page shows it, put together from its box and the pieces a turn left. */
export async function openMessage(vault: Vault, sealed: SealedMessage): Promise<Message> {
  const empty: Message = { ...emptyMessage(sealed.role, sealed.id, sealed.parentId), modelId: sealed.modelId, status: sealed.status, turnId: sealed.turnId, createdAt: sealed.createdAt, siblingIds: sealed.siblingIds };
  try {
    const whole = sealed.box === null ? null : JSON.parse(await openBox(vault, `message:${sealed.id}`, sealed.box)) as PrivateText;
    let words = whole?.text ?? "";
    let parts = whole?.parts ?? [];
    for (const { number, box } of sealed.pieces) {
      const piece = await openPiece(vault, sealed.turnId ?? "", number, box);
      words = words.slice(0, piece.at) + piece.text;
      for (const { part, delta } of piece.steps) {
        if (part) parts = put(parts, part);
        else if (delta) parts = parts.map((p) => (p.ordinal === delta.ordinal ? { ...p, text: (p.text ?? "").slice(0, delta.at) + delta.text } : p));
      }
    }
    return { ...empty, text: words, parts, actions: whole?.actions ?? [], citations: whole?.citations ?? [], error: whole?.error ?? null };
  } catch {
    // One box that does not open must not hide the others.
    return { ...empty, text: `*${text.t("broken")}*`, status: sealed.status === "streaming" ? "interrupted" : sealed.status };
  }
}

/** Opens what is not open yet, so that it is shown at once when the page asks for it. */
export async function openAll(vault: Vault, sealed: readonly SealedMessage[]): Promise<Message[]> {
  const known = useOpened.getState().messages;
  const fresh = sealed.filter((one) => known[one.id]?.sign !== signOf(one));
  const made = await Promise.all(fresh.map(async (one) => [one.id, { sign: signOf(one), message: await openMessage(vault, one) }] as const));
  // It was locked meanwhile: nothing stays open.
  if (vaultNow() !== vault) return [];
  if (made.length > 0) useOpened.setState(({ messages }) => ({ messages: { ...messages, ...Object.fromEntries(made) } }));
  const { messages } = useOpened.getState();
  return sealed.flatMap((one) => messages[one.id]?.message ?? []);
}

/** The opened ones of what the server has, in its order; null until all are. */
export function useMessages(vault: Vault, sealed: readonly SealedMessage[]): Message[] | null {
  const known = useOpened((s) => s.messages);
  const ready = sealed.every((one) => known[one.id]?.sign === signOf(one));
  useEffect(() => { if (!ready) void openAll(vault, sealed); }, [vault, sealed, ready]);
  const shown = sealed.flatMap((one) => known[one.id]?.message ?? []);
  return ready || shown.length > 0 ? shown : null;
}

/** The title, once it is unlocked and opened. */
export function useTitle(vault: Vault | null, id: string, box: string | null): string | null {
  const open = useOpened((s) => (box === null ? undefined : s.titles[box]));
  useEffect(() => {
    if (!vault || box === null || open !== undefined) return;
    openBox(vault, `title:${id}`, box).then((title) => {
      if (vaultNow() === vault) useOpened.setState(({ titles }) => ({ titles: { ...titles, [box]: title } }));
    }, () => undefined);
  }, [vault, id, box, open]);
  return vault ? open ?? null : null;
}
