import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Brain, CopyPlus, LinkIcon, Wrench } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "@/shared/api/error";
import type { SharedMessage, SharedPart } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { Disclosure } from "@/shared/ui/disclosure";
import { Page, PageTitle } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { CommentList } from "./comments";
import { comment, copyShared, sharedQuery } from "./queries";
import { useT } from "./text";

const Markdown = lazy(() => import("..").then((m) => ({ default: m.Markdown })));

/** What somebody shared, for people of this server: with comments, and to go on with. */
export function SharedPage({ token }: { token: string }) {
  const t = useT();
  const query = useInfiniteQuery(sharedQuery(token));
  if (!query.data) {
    return (
      <Page>
        {query.error instanceof ApiError && query.error.status === 404 ? <><PageTitle title={t("gone")} className="sr-only" /><EmptyState icon={LinkIcon} title={t("gone")} text={t("gone.text")} /></>
          : query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={8} />}
      </Page>
    );
  }
  const { title, mayComment, mayCopy, isOwner } = query.data.pages[0]!;
  return (
    <Page>
      <div className="flex flex-col gap-5">
        <div>
          <p className="text-sm text-ink-2">{t(isOwner ? "shared.mine" : "shared")}</p>
          <PageTitle title={title || t("untitled")}><bdi>{title || t("untitled")}</bdi></PageTitle>
        </div>
        {mayCopy && <Continue token={token} />}
        <ol className="flex flex-col">{query.data.pages.flatMap((page) => page.messages).map((message) => (
          <Shared key={message.id} message={message} token={token} mayComment={mayComment} isOwner={isOwner} />
        ))}</ol>
        {query.hasNextPage && <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} className="self-center">{t("later")}</Button>}
      </div>
    </Page>
  );
}

function Continue({ token }: { token: string }) {
  const t = useT();
  const navigate = useNavigate();
  const [key] = useState(() => crypto.randomUUID());
  const copy = useMutation({ mutationFn: () => copyShared(token, key), onSuccess: ({ id }) => void navigate({ to: "/chat/$conversationId", params: { conversationId: id } }) });
  return (
    <div className="flex flex-col items-start gap-2">
      <Button look="primary" busy={copy.isPending} onClick={() => copy.mutate()}><CopyPlus className="size-4.5" aria-hidden="true" />{t("continue")}</Button>
      {copy.error && <ErrorNote error={copy.error} />}
    </div>
  );
}

function Shared({ message, token, mayComment, isOwner }: { message: SharedMessage; token: string; mayComment: boolean; isOwner: boolean }) {
  const t = useT();
  const locale = useLocale();
  const mine = message.role === "user";
  const asides = message.parts.filter((part) => part.kind === "reasoning" || part.kind === "tool");
  const files = message.parts.filter((part) => part.kind === "image" || part.kind === "file");
  return (
    <li className="border-t border-line py-5">
      <article aria-label={t(mine ? "question" : "answer")}>
        <header className="mb-2 flex flex-wrap gap-x-3 text-sm text-ink-2">
          <span className={mine ? "font-medium text-ink-1" : "font-medium text-jean-ink"}>{t(mine ? "question" : "answer")}</span>
          {!mine && message.modelId && <span dir="ltr">{message.modelId}</span>}
          <time dateTime={message.createdAt}>{formatDate(message.createdAt, locale)}</time>
        </header>
        {asides.map((part, i) => <Aside key={i} part={part} />)}
        {mine ? message.text && <p dir="auto" className="rounded-xl bg-surface-2 px-4 py-2.5 whitespace-pre-wrap wrap-anywhere">{message.text}</p>
          : <Suspense fallback={<p dir="auto" className="whitespace-pre-wrap wrap-anywhere">{message.text}</p>}><Markdown text={message.text} final /></Suspense>}
        {files.map((part, i) => <File key={i} part={part} token={token} />)}
        {message.comments.length > 0 && <section aria-label={t("comments.title")} className="mt-4"><CommentList comments={message.comments} mayDelete={isOwner} /></section>}
        {mayComment && <CommentForm token={token} messageId={message.id} />}
      </article>
    </li>
  );
}

function Aside({ part }: { part: SharedPart }) {
  const t = useT();
  const Icon = part.kind === "tool" ? Wrench : Brain;
  return (
    <Disclosure className="mb-2" label={<span className="inline-flex items-center gap-1.5"><Icon className="size-4" aria-hidden="true" />{part.kind === "tool" ? <code dir="ltr">{part.name}</code> : t("thoughts")}</span>}>
      {part.text && <div dir="auto" className="trail mt-1 ps-4 text-sm whitespace-pre-wrap wrap-anywhere text-ink-2">{part.text}</div>}
      {[part.arguments, part.result].map((told, i) => told && <pre key={i} dir="ltr" tabIndex={0} className="mt-2 max-h-64 overflow-auto rounded-sm bg-surface-2 p-2 text-start font-mono text-xs whitespace-pre-wrap wrap-anywhere">{told}</pre>)}
    </Disclosure>
  );
}

function File({ part: { kind, file, url, text }, token }: { part: SharedPart; token: string }) {
  if (!file) return url ? <p className="mt-3"><a href={url} target="_blank" rel="noreferrer nofollow" dir="ltr" className="underline">{new URL(url).host}</a></p> : null;
  const address = `/share/${token}/files/${file.id}`;
  if (kind === "image") return <img src={address} alt={file.name} width={file.width ?? undefined} height={file.height ?? undefined} loading="lazy" className="mt-3 h-auto max-w-full rounded-md bg-surface-2" />;
  return (
    <>
      <p className="mt-3"><a href={address} download={file.name} className="inline-flex min-h-11 items-center underline"><bdi>{file.name}</bdi></a></p>
      {file.mediaType.startsWith("audio/") && <audio controls preload="none" aria-label={file.name} src={address} className="w-96 max-w-full" />}
      {text && <blockquote dir="auto" className="trail mt-2 ps-4 text-start whitespace-pre-wrap wrap-anywhere text-ink-2">{text}</blockquote>}
    </>
  );
}

function CommentForm({ token, messageId }: { token: string; messageId: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState("");
  const say = useMutation({ mutationFn: () => comment(token, messageId, words), onSuccess: () => { setWords(""); setOpen(false); } });
  if (!open) return <Button look="plain" className="mt-2" onClick={() => setOpen(true)}>{t("comment")}</Button>;
  return (
    <form className="mt-3 flex flex-col gap-2" onSubmit={(e) => { e.preventDefault(); if (words.trim()) say.mutate(); }}>
      <textarea
        autoFocus dir="auto" rows={3} maxLength={2_000} value={words} aria-label={t("comment.words")} placeholder={t("comment.words")} onChange={(e) => setWords(e.target.value)}
        onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); setOpen(false); } }}
        className="w-full rounded-md border border-line-strong bg-surface-1 px-3 py-2"
      />
      <p className="text-sm text-ink-2">{t("comment.named")}</p>
      {say.error && <ErrorNote error={say.error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={say.isPending} disabled={!words.trim()}>{t("comment.send")}</Button>
        <Button look="plain" onClick={() => setOpen(false)}>{t("comment.cancel")}</Button>
      </div>
    </form>
  );
}
