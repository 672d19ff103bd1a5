import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { ApiError } from "@/shared/api/error";
import { Button } from "@/shared/ui/button";
import { Page, PageTitle } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { accept, offerQuery } from "./queries";
import { useT } from "./text";

/** What an invitation is for, and the way in. */
export function JoinPage({ token }: { token: string }) {
  const t = useT();
  const navigate = useNavigate();
  const query = useQuery(offerQuery(token));
  const go = (conversationId: string): void => void navigate({ to: "/chat/$conversationId", params: { conversationId }, replace: true });
  const join = useMutation({ mutationFn: () => accept(token), onSuccess: ({ conversationId }) => go(conversationId) });
  const offer = query.data;
  if (!offer) {
    return (
      <Page>
        {query.error instanceof ApiError && query.error.status === 404 ? <><PageTitle title={t("join.gone")} className="sr-only" /><EmptyState icon={UserPlus} title={t("join.gone")} text={t("join.gone.text")} /></>
          : query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={4} />}
      </Page>
    );
  }
  const title = offer.title || t("untitled");
  return (
    <Page>
      <div className="flex flex-col items-start gap-4">
        <p className="text-ink-2">{t("join.from", { name: offer.from })}</p>
        <PageTitle title={title}><bdi>{title}</bdi></PageTitle>
        <p>{t(`role.${offer.role}.text`)}</p>
        {join.error && <ErrorNote error={join.error} />}
        {offer.isMember
          ? <Button look="primary" onClick={() => go(offer.conversationId)}>{t("join.in")}</Button>
          : <Button look="primary" busy={join.isPending} onClick={() => join.mutate()}><UserPlus className="size-4.5" aria-hidden="true" />{t("join")}</Button>}
      </div>
    </Page>
  );
}
