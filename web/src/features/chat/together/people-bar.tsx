import { useQuery } from "@tanstack/react-query";
import type { ConversationSummary } from "@/shared/api/types";
import { Avatar } from "./avatar";
import { byPerson, usePresence } from "./presence";
import { peopleQuery } from "./queries";
import { useT } from "./text";

const mostFaces = 3;

/** Who else has the conversation open. */
export default function PeopleBar({ conversation }: { conversation: ConversationSummary }) {
  const t = useT();
  const { data: people } = useQuery(peopleQuery(conversation.id));
  const doing = byPerson(usePresence((s) => s.windows));
  const others = people?.items.filter((person) => person.userId !== people.you && doing.has(person.userId)) ?? [];
  if (others.length === 0) return null;
  return (
    <ul aria-label={t("present")} className="hidden -space-x-2 xl:flex rtl:space-x-reverse">
      {others.slice(0, mostFaces).map((person) => <li key={person.userId}><Avatar name={person.name} doing={doing.get(person.userId) ?? null} /></li>)}
      {others.length > mostFaces && <li className="grid size-8 place-items-center rounded-full bg-surface-3 text-xs">+{others.length - mostFaces}</li>}
    </ul>
  );
}
