import { create } from "zustand";

/** A question asked elsewhere (Today, the palette, the address bar), waiting for the chat page to send it. */
const usePendingAsk = create<{ text: string | null }>()(() => ({ text: null }));

export const askJean = (text: string): void => usePendingAsk.setState({ text: text.trim() || null });

/** Hands the waiting question over, once. */
export function takeAsk(): string | null {
  const { text } = usePendingAsk.getState();
  if (text !== null) usePendingAsk.setState({ text: null });
  return text;
}
