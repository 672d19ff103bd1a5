import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { SaveTemplateRequest, Template } from "@/shared/api/types";
import type { Locale } from "@/shared/i18n/locale";

export const trades = ["programming", "ideas", "learning", "selling", "office", "language", "life"] as const;
export type Trade = (typeof trades)[number];

export const templateKeys = { all: ["chat", "templates"] as const };

/** One's own, then what others share, then what comes with the program in this language. */
export const templatesQuery = (locale: Locale) =>
  queryOptions({
    queryKey: [...templateKeys.all, locale],
    queryFn: async ({ signal }) => (await api.get<{ items: Template[] }>("/api/chat/templates", { query: { language: locale }, signal })).items,
    staleTime: 60_000,
  });

export const saveTemplate = (id: string | null, request: SaveTemplateRequest): Promise<unknown> =>
  id ? api.put(`/api/chat/templates/${id}`, request) : api.post<Template>("/api/chat/templates", request);
export const deleteTemplate = (id: string): Promise<void> => api.delete(`/api/chat/templates/${id}`);
