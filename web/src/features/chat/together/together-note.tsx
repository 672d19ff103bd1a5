import { useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useEffect } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { useLocale } from "@/shared/i18n/locale";
import { Note } from "@/shared/ui/states";
import { byPerson, enter, usePresence } from "./presence";
import { peopleQuery } from "./queries";
import { useT } from "./text";

/** Below the messages of a conversation of several people: who is writing; for those who may only read, that they may. */
export default function TogetherNote({ conversation }: { conversation: ConversationSummary }) {
  const t = useT();
  const locale = useLocale();
  const { data: people } = useQuery(peopleQuery(conversation.id));
  const topic = people?.topic;
  const you = people?.you;
  useEffect(() => (topic && you ? enter(conversation.id, topic, you) : undefined), [conversation.id, topic, you]);
  const windows = usePresence((s) => s.windows);
  const doing = byPerson(windows);
  const writing = people?.items.filter((person) => person.userId !== people.you && doing.get(person.userId) === "typing").map((person) => person.name) ?? [];
  return (
    <div className="mx-auto w-full max-w-3xl px-4 sm:px-6">
      <p role="status" className="min-h-5 truncate px-4 text-sm text-jean-ink">{writing.length > 0 && t("writing", { names: new Intl.ListFormat(locale).format(writing), count: writing.length })}</p>
      {conversation.role === "view" && <div className="pb-4"><Note tone="plain" icon={Eye}>{t("reading")}</Note></div>}
    </div>
  );
}
