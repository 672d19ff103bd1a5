import { queryClient } from "@/shared/api/query-client";
import type { Message, Page, SealedMessage } from "@/shared/api/types";
import { openBox, type Vault } from "./crypto";
import { openAll } from "./opened";
import { privateOneQuery, readMessages } from "./queries";
import { text } from "./text";

/** The shown branch, whole, oldest first. */
async function whole(vault: Vault, id: string): Promise<Message[]> {
  const sealed: SealedMessage[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<SealedMessage> = await readMessages(id, cursor);
    sealed.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return (await openAll(vault, sealed)).reverse();
}

export const markdownOf = (title: string, messages: readonly Message[], names: { you: string; jean: string }): string =>
  [`# ${title}`, ...messages.map((m) => `**${m.role === "user" ? names.you : names.jean}**\n\n${m.text}`)].join("\n\n") + "\n";

export const jsonOf = (title: string, messages: readonly Message[]): string =>
  JSON.stringify({ format: "jeantrail.private-conversation", version: 1, title, messages: messages.map(({ id, parentId, role, text: words, modelId, status, createdAt, parts }) => ({ id, parentId, role, text: words, modelId, status, createdAt, parts })) }, null, 2);

/** A file made here: what is in it never leaves the browser by another way. */
export async function download(vault: Vault, id: string, kind: "md" | "json"): Promise<void> {
  const { title: box } = await queryClient.query(privateOneQuery(id));
  const title = box === null ? text.t("untitled") : await openBox(vault, `title:${id}`, box);
  const messages = await whole(vault, id);
  const content = kind === "md" ? markdownOf(title, messages, { you: text.t("you"), jean: "Jean" }) : jsonOf(title, messages);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: kind === "md" ? "text/markdown" : "application/json" }));
  link.download = `${title.replace(/[\\/:*?"<>|\p{Cc}]/gu, " ").trim().slice(0, 80) || "private"}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
