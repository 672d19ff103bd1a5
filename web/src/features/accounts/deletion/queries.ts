import { api, send } from "@/shared/api/client";
import type { PendingDeletion } from "@/shared/api/types";

export const askDeletion = (): Promise<PendingDeletion> => api.post<PendingDeletion>("/api/accounts/deletion");
export const keepAccount = () => api.delete("/api/accounts/deletion");
export const keepAccountByLetter = (token: string) => api.post("/api/accounts/deletion/cancel", { token });

/** All that is kept about the person, as a file of the browser. */
export const exportData = (): Promise<Blob> => send("GET", "/api/accounts/export").then((response) => response.blob());
