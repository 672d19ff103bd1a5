import type { IDBPDatabase } from "idb";
import type { Attachment } from "@/shared/api/types";

/** A message on its way. Its client id makes sending it again harmless. */
export interface Outgoing {
  clientId: string;
  /** Whose it is; another person on this device never sends it. */
  userId: string;
  /** Null until the conversation it begins exists. */
  conversationId: string | null;
  text: string;
  /** What it answers; null lets the server take the end of the shown branch. */
  parentId: string | null;
  modelId: string | null;
  /** Where the conversation it begins is to be. */
  projectId?: string | null;
  createdAt: string;
  /** What was uploaded to go with it. */
  attachments?: readonly Attachment[];
  /** The earlier message it says in other words; `parentId` is then what that one answers, null at the beginning. */
  besideId?: string;
}

/** The database, and what the service worker is asked by; `public/outbox-sync.js` knows both. */
const outbox = "jt:outbox";
const store = "messages";
let database: Promise<IDBPDatabase> | undefined;

const open = (): Promise<IDBPDatabase> =>
  (database ??= import("idb").then(({ openDB }) => openDB(outbox, 1, { upgrade: (db) => void db.createObjectStore(store, { keyPath: "clientId" }) })));

// Without storage (private windows of some browsers) messages still go out; they only do not survive a reload.
export const keep = async (message: Outgoing): Promise<void> => {
  await (await open()).put(store, message);
};
/** Not in the standard library's types: not every browser has it. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register: (tag: string) => Promise<void> };
}

/** Has the service worker send what waits once the network is back, should no page be open then (`public/outbox-sync.js`). */
export async function sendInBackground(): Promise<void> {
  const registration: SyncRegistration | undefined = await navigator.serviceWorker.getRegistration();
  await registration?.sync?.register(outbox);
}

export const forget = async (clientId: string): Promise<void> => {
  await (await open()).delete(store, clientId);
};
export async function waiting(userId: string): Promise<Outgoing[]> {
  const all = (await (await open()).getAll(store)) as Outgoing[];
  return all.filter((message) => message.userId === userId).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}
