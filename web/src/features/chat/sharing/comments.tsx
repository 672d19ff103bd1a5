import { useMutation, useQuery } from "@tanstack/react-query";
import { MessageSquareText, Trash2 } from "lucide-react";
import { useState } from "react";
import type { SharedComment } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { IconButton } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { commentsQuery, deleteComment } from "./queries";
import { useT } from "./text";

/** How many comments a message of one's own has, and what they say. */
export default function CommentsButton({ messageId, count }: { messageId: string; count: number }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} className="mt-2 inline-flex min-h-8 items-center gap-2 rounded-full border border-line bg-surface-1 px-3 text-sm hover:bg-surface-2 pointer-coarse:min-h-11">
        <MessageSquareText className="size-4 text-jean-ink" aria-hidden="true" />{t("comments", { count })}
      </button>
      {open && <Dialog open onClose={() => setOpen(false)} title={t("comments.title")}><CommentsOfMessage messageId={messageId} /></Dialog>}
    </>
  );
}

function CommentsOfMessage({ messageId }: { messageId: string }) {
  const t = useT();
  const query = useQuery(commentsQuery(messageId));
  if (!query.data) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={3} />;
  if (query.data.length === 0) return <p className="text-ink-2">{t("comments.none")}</p>;
  return <CommentList comments={query.data} mayDelete />;
}

/** What people said; whoever wrote it, or whose conversation it is, may take it away. */
export function CommentList({ comments, mayDelete }: { comments: readonly SharedComment[]; mayDelete: boolean }) {
  return <ul className="trail flex flex-col gap-3 ps-4">{comments.map((one) => <One key={one.id} comment={one} mayDelete={mayDelete || one.mine} />)}</ul>;
}

function One({ comment, mayDelete }: { comment: SharedComment; mayDelete: boolean }) {
  const t = useT();
  const common = useCommon();
  const remove = useMutation({ mutationFn: () => deleteComment(comment.id, comment.messageId) });
  return (
    <li className="flex items-start gap-1">
      <div className="min-w-0 flex-1">
        <p className="text-sm text-ink-2"><bdi className="font-medium text-ink-1">{comment.authorName}</bdi> · <time dateTime={comment.createdAt}>{formatAgo(comment.createdAt, common)}</time></p>
        <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">{comment.text}</p>
        {remove.error && <ErrorNote error={remove.error} />}
      </div>
      {mayDelete && <IconButton label={t("comment.remove", { name: comment.authorName })} disabled={remove.isPending} onClick={() => remove.mutate()}><Trash2 className="size-4" aria-hidden="true" /></IconButton>}
    </li>
  );
}
