import { useQuery } from "@tanstack/react-query";
import { peopleQuery } from "./queries";

/** Whose question it is. */
export default function AuthorName({ conversationId, authorId }: { conversationId: string | null; authorId: string }) {
  const { data: name } = useQuery({ ...peopleQuery(conversationId ?? ""), enabled: conversationId !== null, select: ({ items }) => items.find((person) => person.userId === authorId)?.name });
  return name ? <p className="px-4 pb-0.5 text-sm text-ink-2"><bdi>{name}</bdi></p> : null;
}
