import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Skill } from "@/shared/api/types";
import type { Locale } from "@/shared/i18n/locale";

/** What Jean can do without any model, in the person's language. */
export const skillsQuery = (language: Locale) =>
  queryOptions({
    queryKey: ["agents", "skills", language],
    queryFn: async ({ signal }) => (await api.get<{ items: Skill[] }>("/api/agents/skills", { query: { language }, signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
