import { useQuery } from "@tanstack/react-query";
import { createContext, use, useMemo } from "react";
import type { ConversationPeople, ConversationRole, ConversationSummary } from "@/shared/api/types";
import { peopleQuery } from "./queries";

/** What the person is in the open conversation, and whether others are in it. */
export interface Company {
  /** The owner until the server says otherwise. */
  role: ConversationRole;
  together: boolean;
  /** Where the others are heard; null while nobody else is in it, or it is not known yet. */
  topic: string | null;
  you: string | null;
  /** Of everybody in it, by their ids. */
  names: Readonly<Record<string, string>>;
}

const unknown = { topic: null, you: null, names: {} };
const alone: Company = { role: "owner", together: false, ...unknown };
const known = ({ topic, you, items }: ConversationPeople) => ({ topic, you, names: Object.fromEntries(items.map(({ userId, name }) => [userId, name])) });

/** One for all messages of the page: none of them asks by itself. */
export const CompanyContext = createContext(alone);
export const useCompany = (): Company => use(CompanyContext);

export function useCompanyOf(conversation: ConversationSummary | undefined): Company {
  const together = (conversation?.people ?? 1) > 1;
  const role = conversation?.role ?? "owner";
  const { data: people } = useQuery({ ...peopleQuery(conversation?.id ?? ""), enabled: together, select: known });
  return useMemo(() => ({ role, together, ...(together && people ? people : unknown) }), [role, together, people]);
}
