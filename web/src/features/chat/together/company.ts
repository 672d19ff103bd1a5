import { useQuery } from "@tanstack/react-query";
import { createContext, use, useMemo } from "react";
import type { ConversationRole, ConversationSummary } from "@/shared/api/types";
import { peopleQuery } from "./queries";

/** What the person is in the open conversation, and whether others are in it. */
export interface Company {
  /** The owner until the server says otherwise. */
  role: ConversationRole;
  together: boolean;
  /** Where the others are heard; null while nobody else is in it, or it is not known yet. */
  topic: string | null;
}

const alone: Company = { role: "owner", together: false, topic: null };

/** One for all messages of the page: none of them asks by itself. */
export const CompanyContext = createContext(alone);
export const useCompany = (): Company => use(CompanyContext);

export function useCompanyOf(conversation: ConversationSummary | undefined): Company {
  const together = (conversation?.people ?? 1) > 1;
  const role = conversation?.role ?? "owner";
  const { data: topic = null } = useQuery({ ...peopleQuery(conversation?.id ?? ""), enabled: together, select: (people) => people.topic });
  return useMemo(() => ({ role, together, topic: together ? topic : null }), [role, together, topic]);
}
