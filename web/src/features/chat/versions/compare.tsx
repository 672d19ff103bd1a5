import { useQuery } from "@tanstack/react-query";
import { Square, X } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { api, send } from "@/shared/api/client";
import { describeError } from "@/shared/api/error";
import type { Message, MessageStatus } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button, IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Modal } from "@/shared/ui/dialog";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { useLive } from "../live-turn";
import { Markdown } from "../markdown/markdown";
import { chatKeys, chatModelsQuery } from "../queries";
import { showSibling } from "../siblings";
import type { TurnSource } from "../turn-stream";
import { beside, refresh } from "../turns";
import { useFollowed } from "./followed";
import { useT } from "./text";

/** As many as the server writes beside each other. */
const mostAtOnce = 4;

interface Asked {
  key: string;
  modelId: string;
  source: TurnSource;
}

/** All answers to one question side by side, and more of them from other models, written at the same time. */
export default function Compare({ message, conversationId, onClose }: { message: Message; conversationId: string; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const id = useId();
  const running = useLive((s) => s.turns[conversationId] !== undefined);
  const [asked, setAsked] = useState<readonly Asked[]>([]);
  /** The messages that columns of ours are: the list of the server has them too. */
  const [ours, setOurs] = useState<Readonly<Record<string, string>>>({});
  const siblings = useQuery({
    queryKey: [...chatKeys.messages(conversationId), "siblings", message.parentId],
    queryFn: async ({ signal }) => (await api.get<{ items: Message[] }>(`/api/chat/conversations/${conversationId}/messages/${message.id}/siblings`, { signal })).items,
  });
  const ask = (models: readonly string[]): void =>
    setAsked((before) => [...before, ...models.map((modelId) => ({ key: crypto.randomUUID(), modelId })).map((one) => ({ ...one, source: beside(conversationId, message.id, one.key, one.modelId) }))]);
  const close = (): void => {
    onClose();
    if (asked.length > 0) void refresh(conversationId);
  };
  const choose = (chosen: string): void => {
    onClose();
    if (chosen !== message.id) void showSibling(conversationId, chosen, 1);
    else if (asked.length > 0) void refresh(conversationId);
  };
  const stored = siblings.data?.filter((one) => !Object.values(ours).includes(one.id)) ?? [];
  return (
    <Modal open onClose={close} labelledBy={id} className="h-[calc(100dvh-2rem)] max-h-none! w-[min(100rem,calc(100vw-2rem))] max-w-none! max-sm:h-dvh max-sm:w-screen max-sm:rounded-none!">
      <div className="flex h-full flex-col">
        <div className="flex items-center justify-between gap-4 ps-5 pe-2 pt-2">
          <h2 id={id} className="text-lg font-semibold">{t("compare.title")}</h2>
          <IconButton label={common("action.close")} onClick={close}><X className="size-5" aria-hidden="true" /></IconButton>
        </div>
        <AskMore onAsk={ask} />
        {siblings.isError && <div className="px-5"><ErrorNote error={siblings.error} retry={() => void siblings.refetch()} /></div>}
        <div className="grid min-h-0 flex-1 auto-cols-[minmax(min(20rem,86vw),1fr)] grid-flow-col gap-3 overflow-x-auto scroll-px-5 px-5 pt-1 pb-5 max-sm:snap-x max-sm:snap-mandatory">
          {siblings.isPending && <Skeleton rows={6} />}
          {stored.map((one) => (one.status === "streaming" && one.turnId && one.id !== message.id
            ? <Growing key={one.id} source={null} message={one} onEnd={() => void siblings.refetch()} />
            : <Column key={one.id} modelId={one.modelId} text={one.text} status={one.status} shown={one.id === message.id} disabled={running} error={one.error?.detail ?? null} onChoose={() => choose(one.id)} />))}
          {asked.map((one) => (
            <Growing
              key={one.key} source={one.source} modelId={one.modelId} disabled={running} onChoose={choose} onBegun={(messageId) => setOurs((before) => (before[one.key] === messageId ? before : { ...before, [one.key]: messageId }))}
              onEnd={() => void siblings.refetch()}
            />
          ))}
        </div>
      </div>
    </Modal>
  );
}

/** Which models are to answer as well. */
function AskMore({ onAsk }: { onAsk: (models: readonly string[]) => void }) {
  const t = useT();
  const { data: models = [] } = useQuery(chatModelsQuery);
  const [picked, setPicked] = useState<readonly string[]>([]);
  if (models.length === 0) return null;
  return (
    <form className="flex flex-wrap items-center gap-2 px-5 pb-3" onSubmit={(e) => { e.preventDefault(); onAsk(picked); setPicked([]); }}>
      <fieldset className="contents">
        <legend className="sr-only">{t("compare.models")}</legend>
        {models.map((model) => {
          const on = picked.includes(model.id);
          return (
            <button
              key={model.id} type="button" aria-pressed={on} disabled={!on && picked.length >= mostAtOnce} title={model.providerName ?? undefined}
              onClick={() => setPicked(on ? picked.filter((one) => one !== model.id) : [...picked, model.id])}
              className={cx("min-h-9 max-w-64 truncate rounded-full border px-3.5 text-sm disabled:opacity-55 pointer-coarse:min-h-11", on ? "border-jean bg-jean-soft text-jean-ink" : "border-line bg-surface-1 text-ink-2 hover:text-ink-1")}
            >
              {model.builtIn ? t("builtIn", { name: model.name }) : model.name}
            </button>
          );
        })}
      </fieldset>
      <Button look="primary" type="submit" disabled={picked.length === 0}>{picked.length === 0 ? t("compare.askNone") : t("compare.ask", { count: picked.length })}</Button>
    </form>
  );
}

interface GrowingProps {
  source: TurnSource | null;
  /** What there is of it already, when it was begun earlier. */
  message?: Message;
  modelId?: string;
  disabled?: boolean;
  onBegun?: (messageId: string) => void;
  onChoose?: (messageId: string) => void;
  onEnd: () => void;
}

/** An answer that is being written. */
function Growing({ source, message, modelId, disabled = false, onBegun, onChoose, onEnd }: GrowingProps) {
  const joined = useMemo((): TurnSource => source ?? joining(message!), [source, message]);
  const followed = useFollowed(joined, { text: message?.text ?? "", messageId: message?.id ?? null, turnId: message?.turnId ?? null, modelId: message?.modelId ?? modelId ?? null }, onEnd);
  const { messageId, turnId, problem } = followed;
  if (messageId && onBegun) queueMicrotask(() => onBegun(messageId));
  return (
    <Column
      modelId={followed.modelId} text={followed.text} status={followed.status} disabled={disabled} shown={false} error={problem ? describeError(problem) : null}
      {...(messageId && onChoose && followed.status !== "streaming" ? { onChoose: () => onChoose(messageId) } : {})}
      {...(turnId && followed.status === "streaming" ? { onStop: () => void api.post(`/api/chat/turns/${turnId}/stop`).catch(() => undefined) } : {})}
    />
  );
}

const joining = ({ turnId, text }: Message): TurnSource => ({
  first: (signal) => send("GET", `/api/chat/turns/${turnId!}/events`, { query: { after: text.length }, signal, headers: { Accept: "text/event-stream" } }),
  resume: (id, lastEventId, signal) => send("GET", `/api/chat/turns/${id}/events`, { signal, headers: { Accept: "text/event-stream", "Last-Event-ID": lastEventId } }),
});

interface ColumnProps {
  modelId: string | null;
  text: string;
  status: MessageStatus;
  shown: boolean;
  disabled: boolean;
  error: string | null;
  onChoose?: () => void;
  onStop?: () => void;
}

function Column({ modelId, text, status, shown, disabled, error, onChoose, onStop }: ColumnProps) {
  const t = useT();
  const id = useId();
  const { data: models } = useQuery(chatModelsQuery);
  const name = models?.find((model) => model.id === modelId)?.name ?? modelId ?? "—";
  return (
    <section aria-labelledby={id} aria-busy={status === "streaming"} className={cx("flex min-h-0 flex-col rounded-lg border bg-surface-1 max-sm:snap-start", shown ? "border-jean" : "border-line")}>
      <header className="flex min-h-12 items-center gap-2 border-b border-line ps-4 pe-1.5">
        <h3 id={id} title={modelId ?? undefined} className="min-w-0 flex-1 truncate font-medium"><bdi>{name}</bdi></h3>
        {status === "streaming"
          ? onStop && <IconButton label={t("compare.stop")} onClick={onStop}><Square className="size-4 fill-current" aria-hidden="true" /></IconButton>
          : shown ? <span className="px-2 text-sm text-jean-ink">{t("compare.shown")}</span>
            : onChoose && <Button look="plain" disabled={disabled} onClick={onChoose}>{t("compare.choose")}</Button>}
      </header>
      <div tabIndex={0} role="group" aria-labelledby={id} dir="auto" className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
        <Markdown text={text} final={status !== "streaming"} />
        {status === "streaming" && !text && <p className="text-ink-2">{t("compare.waiting")}</p>}
        {status === "stopped" && <p className="mt-2 text-sm text-ink-2">{t("compare.stopped")}</p>}
        {error && <p role="alert" className="mt-2 text-sm text-bad-ink">{error}</p>}
      </div>
    </section>
  );
}
