import { queryOptions } from "@tanstack/react-query";
import { api, send } from "@/shared/api/client";
import { packedFor, smallest } from "@/shared/packing/packed-for";
import type { ExportFormats, Import, Page } from "@/shared/api/types";

export const formats = ["markdown", "json", "csv", "pdf"] as const;
export type ExportFormat = (typeof formats)[number];
export type ExportScope = "branch" | "all" | "some";

export interface ExportChoice {
  format: ExportFormat;
  scope: ExportScope;
  messages: readonly string[];
  files: boolean;
  language: string;
}

export const formatsQuery = queryOptions({
  queryKey: ["chat", "export", "formats"],
  queryFn: ({ signal }) => api.get<ExportFormats>("/api/chat/export/formats", { signal }),
  staleTime: 300_000,
});

/** Where the file is. */
export function exportPath(conversationId: string | null, { format, scope, messages, files, language }: ExportChoice): string {
  const query = new URLSearchParams({ format, files: String(files), language });
  if (conversationId === null) return `/api/chat/export?${query}`;
  if (scope === "some") query.set("messages", messages.join(","));
  else query.set("scope", scope);
  return `/api/chat/conversations/${conversationId}/export?${query}`;
}

/** The browser's own download takes what is streamed; what is made first is waited for here, so that a refusal can be shown. */
export async function download(path: string, format: ExportFormat): Promise<void> {
  if (format !== "pdf") { save(path, ""); return; }
  const response = await send("GET", path, { headers: { Accept: "application/pdf" } });
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  const url = URL.createObjectURL(await response.blob());
  save(url, name ? decodeURIComponent(name) : "conversation.pdf");
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

export const importKeys = { all: ["chat", "imports"] as const };
export const isOpen = (one: Import): boolean => one.state === "queued" || one.state === "running";
const everyMs = 1_000;

/** The imports, newest first; asked again each second while one runs. */
export const importsQuery = queryOptions({
  queryKey: importKeys.all,
  queryFn: async ({ signal }) => (await api.get<Page<Import>>("/api/chat/imports", { query: { limit: 20 }, signal })).items,
  refetchInterval: ({ state }) => (state.data?.some(isOpen) ? everyMs : false),
});

export async function startImport(file: File): Promise<Import> {
  const path = "/api/chat/imports";
  const small = file.size < smallest ? null : await packedFor(path, file.name, file);
  return api.post<Import>(path, new Blob([small?.file ?? file], { type: "application/octet-stream" }), { query: { name: file.name.slice(0, 200) }, ...(small ? { headers: small.headers } : {}) });
}
export const cancelImport = (id: string): Promise<void> => api.post(`/api/chat/imports/${id}/cancel`);
