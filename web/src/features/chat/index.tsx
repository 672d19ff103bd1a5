import "./chat.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useActions, type Action } from "@/shared/actions/actions";
import { isApiError } from "@/shared/api/error";
import type { Attachment } from "@/shared/api/types";
import { takeAsk } from "@/shared/jean/ask";
import { interruptSpeech, preloadSpeech, unlockSpeech, useSpeech } from "@/shared/jean/speech";
import { onReturn } from "@/shared/live/live";
import { whenIdle } from "@/shared/theme/idle";
import { usePreferences } from "@/shared/theme/store";
import { Button } from "@/shared/ui/button";
import { Modal } from "@/shared/ui/dialog";
import { lazyPart } from "@/shared/ui/lazy-part";
import { EmptyState, ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { entriesOf } from "./branch";
import { setNavigator } from "./client-actions";
import { Composer, type ComposerHandle } from "./components/composer";
import { ConversationList } from "./components/conversation-list";
import { Header } from "./components/header";
import { MessageList } from "./components/message-list";
import { Welcome } from "./components/welcome";
import { chooseModel, restoreConversation } from "./conversation-changes";
import { liveTurn, useLive } from "./live-turn";
import { conversationQuery, messagesQuery } from "./queries";
import { restoreOutbox, retryAll, sendMessage } from "./sending";
import { newChat, pendingOf, useAnnouncement, usePending, useTrouble } from "./store";
import { text, useT } from "./text";
import { CompanyContext, useCompanyOf } from "./together/company";
import { text as togetherText } from "./together/text";
import { join, stopAnswer } from "./turns";

const SelectionBar = lazyPart(() => import("./marks/selection-bar").then((m) => ({ default: m.SelectionBar })));

const PrivatePart = lazyPart(() => import("./private"));

const TogetherNote = lazyPart(() => Promise.all([import("./together/together-note"), togetherText.load()]).then(([note]) => note));

// For pages that lead here or show a message now and then: fetched with this page, whose chunk they must not be cut out of.
export { jumpTo } from "./marks/jump";
export { Markdown } from "./markdown/markdown";

interface ChatPageProps {
  /** A new conversation when there is no id. */
  conversationId: string | null;
  /** Where a new one begins. */
  projectId: string | null;
  /** A private one, in its stead; "new" before it is begun. */
  privateId: string | null;
  /** Things to say that work at once, in the person's language. */
  examples: readonly string[];
}

/** Conversations at the start side, the open one beside them. */
export function ChatPage({ conversationId, projectId, privateId, examples }: ChatPageProps) {
  const t = useT();
  const [list, setList] = useState(false);
  useNavigator();
  useOutbox();
  const speaks = usePreferences((s) => s.speakReplies);
  useEffect(() => (speaks ? whenIdle(preloadSpeech) : undefined), [speaks]);
  return (
    <div className="flex h-full min-w-0">
      <aside data-region aria-label={t("list.label")} className="hidden w-68 shrink-0 border-e border-line md:block"><ConversationList current={conversationId ?? privateId} /></aside>
      {privateId
        ? <Suspense fallback={null}><PrivatePart place="page" id={privateId} onPick={() => setList(true)} /></Suspense>
        : <Conversation routeId={conversationId} projectId={projectId} examples={examples} openList={() => setList(true)} />}
      <Modal open={list} onClose={() => setList(false)} label={t("list.label")} className="ms-0! h-dvh! max-h-none! w-[min(22rem,88vw)]! rounded-s-none! md:hidden">
        <ConversationList current={conversationId ?? privateId} onPick={() => setList(false)} />
      </Modal>
    </div>
  );
}

const none: [] = [];

function Conversation({ routeId, projectId, examples, openList }: { routeId: string | null; projectId: string | null; examples: readonly string[]; openList: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const composer = useRef<ComposerHandle>(null);
  const [newModel, setNewModel] = useState<string | null>(null);
  const { id, begunHere, setBegun } = useBegun(routeId);
  const enabled = id !== null;
  const conversation = useQuery({ ...conversationQuery(id ?? newChat), enabled });
  const messages = useInfiniteQuery({ ...messagesQuery(id ?? newChat), enabled });
  const company = useCompanyOf(enabled ? conversation.data : undefined);
  const live = useLive((s) => s.turns[id ?? newChat]);
  const items = usePending((s) => s.items);
  const pending = useMemo(() => (id ? pendingOf(items, id) : items.filter((i) => i.conversationId === null)), [items, id]);
  const stored = useMemo(() => (id ? messages.data?.pages.flatMap((page) => page.items) ?? none : none), [id, messages.data]);
  const entries = useMemo(() => entriesOf(stored, live, pending), [stored, live, pending]);

  // A turn that runs without us, after a reload or from another window, is joined where our text ends.
  const runningTurn = conversation.data?.runningTurnId ?? null;
  const { data: loaded, isFetching, refetch } = messages;
  const lookedFor = useRef<string | null>(null);
  useEffect(() => {
    if (!id || !runningTurn || liveTurn(id)) return;
    const answer = stored.find((m) => m.role === "assistant" && (m.turnId === runningTurn || m.status === "streaming"));
    if (answer) join(id, runningTurn, answer);
    else if (loaded && !isFetching && lookedFor.current !== runningTurn) {
      lookedFor.current = runningTurn;
      void refetch();
    }
  }, [id, runningTurn, stored, live, loaded, isFetching, refetch]);

  const send = (words: string, attachments: readonly Attachment[] = []): void => {
    const clientId = sendMessage({ conversationId: id, text: words, parentId: null, modelId: id ? null : newModel, projectId, attachments });
    if (!id) setBegun(clientId);
  };
  // A question asked elsewhere begins a conversation here.
  const sendRef = useRef(send);
  useEffect(() => { sendRef.current = send; });
  useEffect(() => {
    const asked = routeId === null ? takeAsk() : null;
    if (asked) sendRef.current(asked);
    else if (matchMedia("(hover: hover)").matches) composer.current?.focus();
  }, [routeId]);

  useChatActions(id, live !== undefined);
  const missing = isApiError(conversation.error) && conversation.error.status === 404;
  const deleted = id !== null && conversation.data?.deletedAt != null;
  const trouble = useTrouble((s) => (id ? s.by[id] : undefined));
  const error = !messages.data && id ? messages.error ?? conversation.error : null;
  return (
    // Keys differ between siblings too: two that are equal leave the old one standing on the page.
    <CompanyContext value={company}>
    <section data-region tabIndex={-1} aria-label={conversation.data?.title ?? t("list.new")} className="flex min-w-0 flex-1 flex-col outline-none">
      <Header
        key={`header ${id ?? newChat}`} conversation={id && !missing ? conversation.data ?? null : null} onList={openList}
        modelId={id ? conversation.data?.modelId ?? null : newModel}
        onModel={(modelId) => { if (conversation.data && id) chooseModel(conversation.data, modelId); else setNewModel(modelId); }}
      />
      <Announcer />
      {missing
        ? <div className="flex-1"><EmptyState title={t("missing.title")} text={t("missing.text")}><Button onClick={() => void navigate({ to: "/chat" })}>{t("list.new")}</Button></EmptyState></div>
        : error && entries.length === 0
          ? <div className="mx-auto w-full max-w-3xl flex-1 p-6"><ErrorNote error={error} retry={() => void messages.refetch()} /></div>
          : id && !messages.data && entries.length === 0
            ? <div className="mx-auto w-full max-w-3xl flex-1 p-6"><Skeleton rows={7} /></div>
            : entries.length === 0
              ? <Welcome projectId={projectId} examples={examples} onPick={(words) => send(words)} />
              : <MessageList key={`list ${id ?? newChat}`} entries={entries} conversationId={id} hasOlder={messages.hasNextPage && !messages.isFetchingNextPage && !messages.isFetchNextPageError} loadOlder={() => void messages.fetchNextPage()} />}
      {trouble && <div className="mx-auto w-full max-w-3xl px-4 pb-2 sm:px-6"><ErrorNote error={trouble.error} retry={trouble.retry} /></div>}
      {id && stored.length > 0 && !deleted && <Suspense fallback={null}><SelectionBar conversationId={id} messages={stored} /></Suspense>}
      <SoundNote />
      {deleted && conversation.data && (
        <div className="mx-auto w-full max-w-3xl px-4 pb-5 sm:px-6">
          <Note tone="plain"><span className="flex flex-wrap items-center justify-between gap-3">{t("deleted.note")}<Button onClick={() => void restoreConversation(conversation.data)}>{t("row.restore")}</Button></span></Note>
        </div>
      )}
      {!missing && !deleted && conversation.data && company.together && <Suspense fallback={null}><TogetherNote conversation={conversation.data} /></Suspense>}
      {!missing && !deleted && company.role !== "view" && (
        <Composer
          key={`composer ${begunHere ? newChat : id ?? newChat}`} ref={composer} draftKey={id ?? newChat} conversationId={id} running={live !== undefined}
          held={id === null && pending.length > 0} onSend={send} onStop={() => { if (id) stopAnswer(id); }}
        />
      )}
    </section>
    </CompanyContext>
  );
}

/** The conversation that is shown: the one of the address, or the one a first message has just begun and the address will name in a moment. */
function useBegun(routeId: string | null) {
  const navigate = useNavigate();
  const [begun, setBegun] = useState<string | null>(null);
  const [seen, setSeen] = useState(routeId);
  const madeId = usePending((s) => (begun ? s.made[begun] : undefined));
  if (seen !== routeId) {
    setSeen(routeId);
    if (routeId !== madeId) setBegun(null);
  }
  useEffect(() => {
    if (routeId === null && madeId) void navigate({ to: "/chat/$conversationId", params: { conversationId: madeId }, replace: true });
  }, [routeId, madeId, navigate]);
  const id = routeId ?? madeId ?? null;
  return { id, begunHere: id !== null && id === madeId, setBegun };
}

/** The one place a screen reader hears about answers: begun, ended, failed. The text itself is read when the reader goes there. */
function Announcer() {
  return <p role="status" className="sr-only">{useAnnouncement((s) => s.text)}</p>;
}

function SoundNote() {
  const t = useT();
  const blocked = useSpeech((s) => s.blocked);
  if (!blocked) return null;
  return <div className="mx-auto w-full max-w-3xl px-4 pb-2 sm:px-6"><Button look="jean" onClick={unlockSpeech}>{t("speech.tap")}</Button></div>;
}

function useNavigator(): void {
  const navigate = useNavigate();
  useEffect(() => {
    setNavigator((to) => void navigate({ to }));
    return () => setNavigator(null);
  }, [navigate]);
}

/** What waits goes out when there is a way: now, when the network is back, when the server is back. */
function useOutbox(): void {
  useEffect(() => {
    void restoreOutbox();
    window.addEventListener("online", retryAll);
    const stop = onReturn(retryAll);
    return () => {
      window.removeEventListener("online", retryAll);
      stop();
    };
  }, []);
}

function useChatActions(id: string | null, running: boolean): void {
  const navigate = useNavigate();
  const speaking = useSpeech((s) => s.source !== null);
  const actions = useMemo((): Action[] => {
    const group = () => text.t("nav.chat");
    return [
      { id: "chat.new", title: () => text.t("list.new"), keys: "mod+shift+o", group, whileTyping: true, run: () => void navigate({ to: "/chat" }) },
      { id: "chat.stop", title: () => text.t("composer.stop"), keys: "escape", group, whileTyping: true, when: () => running || speaking, run: () => { interruptSpeech(); if (id && running) stopAnswer(id); } },
    ];
  }, [navigate, id, running, speaking]);
  useActions(actions);
}

