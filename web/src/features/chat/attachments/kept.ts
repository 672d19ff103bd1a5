import type { IDBPDatabase } from "idb";
import type { Attachment } from "@/shared/api/types";

/** A file that waits beside a draft. It survives a reload: with its bytes until they are on the server. */
export interface KeptUpload {
  localId: string;
  userId: string;
  draftKey: string;
  /** Tells the order in which they were added. */
  addedAt: number;
  name: string;
  file: Blob | null;
  attachment: Attachment | null;
}

const store = "uploads";
let database: Promise<IDBPDatabase> | undefined;
const open = (): Promise<IDBPDatabase> =>
  (database ??= import("idb").then(({ openDB }) => openDB("jt:uploads", 1, { upgrade: (db) => void db.createObjectStore(store, { keyPath: "localId" }) })));

// Without storage the files still go out; they only do not survive a reload.
export const keep = async (upload: KeptUpload): Promise<void> => {
  await (await open()).put(store, upload);
};
export const forget = async (localId: string): Promise<void> => (await open()).delete(store, localId);
export const keptFor = async (userId: string): Promise<KeptUpload[]> =>
  ((await (await open()).getAll(store)) as KeptUpload[]).filter((upload) => upload.userId === userId).sort((a, b) => a.addedAt - b.addedAt);
