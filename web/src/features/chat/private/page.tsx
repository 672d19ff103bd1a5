import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Lock, LockOpen, Menu } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { isApiError } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import type { Message } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { PageTitle } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { entriesOf } from "../branch";
import { MessageList } from "../components/message-list";
import { ModelPicker } from "../components/model-picker";
import { liveTurn, useLive } from "../live-turn";
import { useAnnouncement, useTrouble } from "../store";
import { useT as useChat } from "../text";
import { ToolsContext } from "../tools";
import { text as versionsText } from "../versions/text";
import { Box } from "./box";
import type { Vault } from "./crypto";
import { newPrivate } from "./index";
import { useMessages, useTitle } from "./opened";
import { addConversation, privateKeyQuery, privateKeys, privateMessagesQuery, privateOneQuery, setHead, setModel } from "./queries";
import { SetUp } from "./set-up";
import { ask, continueAnswer, join, refresh, regenerate, stop, useUnsent } from "./talk";
import { useT } from "./text";
import { DeedsContext, Tools, type Deeds } from "./tools";
import { Unlock } from "./unlock";
import { lock, useVault } from "./vault";

void versionsText.load();

/** A private conversation: what it takes to read it, then the conversation. */
export default function PrivatePage({ routeId, openList }: { routeId: string; openList: () => void }) {
  const t = useT();
  const chat = useChat();
  const key = useQuery(privateKeyQuery);
  const vault = useVault((s) => s.vault);
  const [model, setNewModel] = useState<string | null>(null);
  const exists = routeId !== newPrivate;
  const conversation = useQuery({ ...privateOneQuery(routeId), enabled: exists });
  const title = useTitle(vault, routeId, conversation.data?.title ?? null) ?? t(exists ? "untitled" : "new");
  const missing = isApiError(conversation.error) && conversation.error.status === 404;
  const choose = (modelId: string | null): void => {
    if (exists) void setModel(routeId, modelId).then(() => queryClient.invalidateQueries({ queryKey: privateKeys.one(routeId) }));
    else setNewModel(modelId);
  };
  return (
    <section data-region tabIndex={-1} aria-label={title} className="flex min-w-0 flex-1 flex-col outline-none">
      <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line px-2 md:px-4">
        <IconButton label={chat("list.open")} onClick={openList} className="md:hidden"><Menu className="size-5" aria-hidden="true" /></IconButton>
        <Lock className="size-4 shrink-0 text-accent-ink" aria-hidden="true" />
        {/* The window's own title goes into the browser's history, on its disk: what was said does not. */}
        <div className="min-w-20 flex-1"><PageTitle title={t(exists ? "untitled" : "new")} className="truncate text-base!"><span dir="auto" className="block w-fit max-w-full truncate">{title}</span></PageTitle></div>
        {vault && <Button look="plain" onClick={lock} className="px-2!"><LockOpen className="size-4.5" aria-hidden="true" /><span className="max-sm:sr-only">{t("lock")}</span></Button>}
        {vault && <ModelPicker value={exists ? conversation.data?.modelId ?? null : model} onChange={choose} />}
      </header>
      <Announcer />
      {missing ? <div className="flex-1"><EmptyState title={chat("missing.title")} text={chat("missing.text")} /></div>
        : key.error && !key.data ? <ErrorNote error={key.error} retry={() => void key.refetch()} className="m-6" />
          : key.data === undefined ? <Skeleton rows={6} className="p-6" />
            : key.data === null ? <div className="flex-1 overflow-y-auto"><SetUp /></div>
              : !vault ? <div className="flex-1 overflow-y-auto"><div className="mx-auto flex w-full max-w-md flex-col gap-4 px-4 py-10"><h2 className="text-lg font-semibold">{t("unlock.title")}</h2><Unlock pair={key.data} /></div></div>
                : <Talk vault={vault} routeId={routeId} model={model} />}
    </section>
  );
}

const none: [] = [];
const toolsOf = (message: Message) => <Tools message={message} />;

function Talk({ vault, routeId, model }: { vault: Vault; routeId: string; model: string | null }) {
  const t = useT();
  const navigate = useNavigate();
  // Known before the server knows it: the first word makes it.
  const [made] = useState(() => (routeId === newPrivate ? crypto.randomUUID() : routeId));
  const [begun, setBegun] = useState(routeId !== newPrivate);
  const [failed, setFailed] = useState<unknown>(null);
  const conversation = useQuery({ ...privateOneQuery(made), enabled: begun });
  const pages = useInfiniteQuery({ ...privateMessagesQuery(made), enabled: begun });
  const sealed = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? none, [pages.data]);
  const opened = useMessages(vault, sealed);
  const live = useLive((s) => s.turns[made]);
  const entries = useMemo(() => entriesOf(opened ?? none, live, none), [opened, live]);
  const [editing, setEditing] = useState<Message | null>(null);
  const trouble = useTrouble((s) => s.by[made]);
  const unsent = useUnsent((s) => s.by[made]);
  const newest = opened?.[0]?.id ?? null;

  // A turn that runs without us is joined where its pieces end.
  const running = conversation.data?.runningTurnId ?? null;
  const joined = useRef<string | null>(null);
  useEffect(() => {
    if (!running || joined.current === running || liveTurn(made)) return;
    const answer = opened?.find((one) => one.turnId === running && one.role === "assistant");
    if (!answer) return;
    joined.current = running;
    join(vault, made, running, answer);
  }, [running, opened, vault, made, live]);

  const send = async (words: string): Promise<void> => {
    setFailed(null);
    const other = editing;
    setEditing(null);
    try {
      if (!begun) await addConversation(made);
    } catch (error) {
      setFailed(error);
      return;
    }
    void ask(vault, made, { text: words, parentId: other ? other.parentId : newest, modelId: model, ...(other ? { siblings: other.siblingIds } : {}) });
    if (begun) return;
    setBegun(true);
    await navigate({ to: "/chat/private/$privateId", params: { privateId: made }, replace: true });
  };
  const deeds = useMemo((): Deeds => ({
    running: live !== undefined,
    edit: setEditing,
    regenerate: (message) => regenerate(vault, made, message),
    goOn: (message) => continueAnswer(vault, made, message),
    show: (messageId) => void setHead(made, messageId).then(() => refresh(made)),
  }), [vault, made, live]);
  const older = pages.hasNextPage && !pages.isFetchingNextPage && !pages.isFetchNextPageError;
  return (
    <DeedsContext value={deeds}>
      <ToolsContext value={toolsOf}>
        {begun && pages.error && entries.length === 0 ? <div className="flex-1 p-6"><ErrorNote error={pages.error} retry={() => void pages.refetch()} /></div>
          : begun && opened === null && entries.length === 0 ? <div className="mx-auto w-full max-w-3xl flex-1 p-6"><Skeleton rows={7} /></div>
            : entries.length === 0 ? <div className="flex-1"><EmptyState icon={Lock} title={t("empty.title")} text={t("empty.text")} /></div>
              : <MessageList entries={entries} conversationId={null} hasOlder={older} loadOlder={() => void pages.fetchNextPage()} />}
        {Boolean(failed) && <ErrorNote error={failed} className="mx-4 mb-2" />}
        {trouble && <div className="mx-auto w-full max-w-3xl px-4 pb-2 sm:px-6"><ErrorNote error={trouble.error} retry={trouble.retry} /></div>}
        <Box key={editing?.id ?? unsent ?? "box"} running={live !== undefined} words={editing?.text ?? unsent ?? ""} editing={editing !== null} onCancel={() => setEditing(null)} onSend={(words) => void send(words)} onStop={() => stop(made)} />
      </ToolsContext>
    </DeedsContext>
  );
}

/** Begun, ended, failed: for those who do not see it. */
function Announcer() {
  return <p role="status" className="sr-only">{useAnnouncement((s) => s.text)}</p>;
}
