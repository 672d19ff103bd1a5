import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Limit } from "@/shared/api/types";
import { sessionQuery } from "@/shared/session/session";
import { useT } from "../console/text";
import { keysQuery } from "../keys/queries";

/** What a limit holds for, in words. Keys and people are known by id; what has no name here shows the id's end. */
export function useSubjectNames(): (limit: Pick<Limit, "subjectKind" | "subject"> & { subjectName?: string | null }) => string {
  const t = useT();
  const keys = useInfiniteQuery(keysQuery);
  const session = useQuery(sessionQuery);
  return ({ subjectKind, subject, subjectName }) => {
    if (subjectKind === "all") return t("subject.all");
    if (subjectKind === "plan") return t("subject.plan.of", { name: t(`plan.${subject as "owner" | "admin" | "premium" | "free"}`) });
    if (subjectKind === "route") return t("subject.route.of", { name: subject });
    if (subjectKind === "user" && session.data?.user.id === subject) return t("subject.me");
    const key = subjectKind === "key" ? keys.data?.pages.flatMap((page) => page.items).find((k) => k.id === subject) : undefined;
    return t(`subject.${subjectKind}.of`, { name: subjectName ?? key?.name ?? `…${subject.slice(-6)}` });
  };
}
