import { create } from "zustand";
import { api, upload } from "@/shared/api/client";
import { ApiError, isApiError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Attachment, Session } from "@/shared/api/types";
import { sessionKey } from "@/shared/session/session";
import { packedFor, smallest } from "@/shared/packing/packed-for";
import { forget, keep, keptFor } from "./kept";

/** A file beside a draft: on its way to the server, there, or refused. */
export interface Upload {
  localId: string;
  draftKey: string;
  addedAt: number;
  name: string;
  file: Blob | null;
  /** 0 to 1 of the bytes. */
  progress: number;
  state: "waiting" | "sending" | "done" | "failed";
  attachment: Attachment | null;
  error: ApiError | null;
}

export const mostFiles = 20;
const mostAtOnce = 3;

export const useUploads = create<{ items: readonly Upload[] }>()(() => ({ items: [] }));
const sending = new Map<string, AbortController>();
const userId = (): string => queryClient.getQueryData<Session | null>(sessionKey)?.user.id ?? "";

export const uploadsOf = (items: readonly Upload[], draftKey: string): Upload[] => items.filter((item) => item.draftKey === draftKey);

/** Takes files up as they are chosen; they are on the server before the message is. The answer is how many were too many. */
export function addFiles(draftKey: string, files: readonly { name: string; file: Blob }[]): number {
  const room = mostFiles - uploadsOf(useUploads.getState().items, draftKey).length;
  const taken = files.slice(0, Math.max(0, room)).map(({ name, file }, i): Upload => ({
    localId: crypto.randomUUID(), draftKey, addedAt: Date.now() + i / 100, name, file, progress: 0, state: "waiting", attachment: null, error: null,
  }));
  useUploads.setState(({ items }) => ({ items: [...items, ...taken] }));
  for (const item of taken) remember(item);
  pump();
  return files.length - taken.length;
}

export function retryUpload(localId: string): void {
  change(localId, { state: "waiting", progress: 0, error: null });
  pump();
}

/** Takes a file back, here and on the server. */
export function removeUpload(localId: string): void {
  const item = useUploads.getState().items.find((i) => i.localId === localId);
  drop(localId);
  if (item?.attachment) api.delete(`/api/chat/attachments/${item.attachment.id}`).catch(() => undefined);
}

/** The files go with the message; the draft has them no longer. */
export function takeUploads(draftKey: string): Attachment[] {
  const done = uploadsOf(useUploads.getState().items, draftKey).filter((item) => item.state === "done");
  for (const item of done) drop(item.localId);
  return done.flatMap((item) => (item.attachment ? [item.attachment] : []));
}

let restoredFor: string | null = null;
/** Takes up what an earlier visit left beside its drafts; what was not sent whole is sent anew. */
export async function restoreUploads(): Promise<void> {
  const user = userId();
  if (restoredFor === user) return;
  restoredFor = user;
  const kept = await keptFor(user).catch(() => []);
  useUploads.setState(({ items }) => ({
    items: [...kept.filter((k) => !items.some((i) => i.localId === k.localId)).map((k): Upload => ({ ...k, progress: k.attachment ? 1 : 0, state: k.attachment ? "done" : "waiting", error: null })), ...items],
  }));
  pump();
}

function drop(localId: string): void {
  sending.get(localId)?.abort();
  sending.delete(localId);
  useUploads.setState(({ items }) => ({ items: items.filter((i) => i.localId !== localId) }));
  forget(localId).catch(() => undefined);
  pump();
}

const remember = (item: Upload): void => {
  const { localId, draftKey, addedAt, name, file, attachment } = item;
  keep({ localId, draftKey, addedAt, name, attachment, userId: userId(), file: attachment ? null : file }).catch(() => undefined);
};

function change(localId: string, what: Partial<Upload>): void {
  useUploads.setState(({ items }) => ({ items: items.map((i) => (i.localId === localId ? { ...i, ...what } : i)) }));
}

function pump(): void {
  for (const item of useUploads.getState().items) {
    if (sending.size >= mostAtOnce) return;
    if (item.state === "waiting" && item.file && !sending.has(item.localId)) void send(item, item.file);
  }
}

const path = "/api/chat/attachments";

async function send(item: Upload, file: Blob): Promise<void> {
  const { localId, name } = item;
  const abort = new AbortController();
  sending.set(localId, abort);
  change(localId, { state: "sending" });
  let shown = 0;
  try {
    const small = file.size < smallest ? null : await packedFor(path, name, file, abort.signal);
    abort.signal.throwIfAborted();
    const attachment = await upload<Attachment>(path, small?.file ?? file, {
      query: { name }, signal: abort.signal, headers: small?.headers,
      // A twentieth at a time: each is a render.
      onProgress: (share) => { if (share - shown >= 0.05 || share === 1) change(localId, { progress: (shown = share) }); },
    });
    change(localId, { state: "done", progress: 1, attachment });
    const now = useUploads.getState().items.find((i) => i.localId === localId);
    if (now) remember(now);
  } catch (error) {
    if (!abort.signal.aborted) change(localId, { state: "failed", error: isApiError(error) ? error : ApiError.offline() });
  }
  sending.delete(localId);
  pump();
}

// What failed for want of a connection goes out when there is one again.
if (typeof window !== "undefined") {
  window.addEventListener("online", () => {
    useUploads.setState(({ items }) => ({ items: items.map((i) => (i.state === "failed" && i.error?.status === 0 ? { ...i, state: "waiting", error: null } : i)) }));
    pump();
  });
}
