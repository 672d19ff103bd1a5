import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { Avatar } from "./avatar";
import { byPerson, usePresence } from "./presence";
import { peopleQuery } from "./queries";
import { useT } from "./text";

const PeopleDialog = lazy(() => import("./people-dialog"));
const mostFaces = 3;

/** Who else has the conversation open, and the way to its people. */
export default function PeopleBar({ conversation }: { conversation: ConversationSummary }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const together = conversation.people > 1;
  const { data: people } = useQuery({ ...peopleQuery(conversation.id), enabled: together });
  const windows = usePresence((s) => s.windows);
  const doing = byPerson(windows);
  const others = together && people ? people.items.filter((person) => person.userId !== people.you && doing.has(person.userId)) : [];
  return (
    <>
      {others.length > 0 && (
        <ul aria-label={t("present")} className="hidden -space-x-2 xl:flex rtl:space-x-reverse">
          {others.slice(0, mostFaces).map((person) => <li key={person.userId}><Avatar name={person.name} doing={doing.get(person.userId) ?? null} /></li>)}
          {others.length > mostFaces && <li className="grid size-8 place-items-center rounded-full bg-surface-3 text-xs">+{others.length - mostFaces}</li>}
        </ul>
      )}
      <IconButton label={together ? t("open.together", { count: conversation.people }) : t("open")} onClick={() => setOpen(true)} className="relative">
        <Users className="size-5" aria-hidden="true" />
        {together && <span aria-hidden="true" className="absolute end-0.5 top-0.5 grid min-w-4.5 place-items-center rounded-full bg-jean px-1 text-xs font-semibold text-on-accent">{conversation.people}</span>}
      </IconButton>
      {open && <Suspense><PeopleDialog conversation={conversation} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
