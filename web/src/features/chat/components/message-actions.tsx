import { Ellipsis, Square, Volume2 } from "lucide-react";
import { startTransition, Suspense, use, useEffect, useRef, useState } from "react";
import type { Message } from "@/shared/api/types";
import { interruptSpeech, say, unlockSpeech, useSpeech } from "@/shared/jean/speech";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useLive } from "../live-turn";
import { MarkButtons } from "../marks/lazy";
import { CopyButton } from "../markdown/markdown";
import { showSibling } from "../siblings";
import { useScrolling, useSwitched } from "../store";
import { useT } from "../text";
import { ToolsContext } from "../tools";
import { useCompany } from "../together/company";
import { VersionButtons } from "../versions/lazy";
import { SiblingSwitch } from "./sibling-switch";

const PinButton = lazyPart(() => import("../parts/pin-button"));
const ShareHere = lazyPart(() => import("../sharing/share-here"));

const small = "size-8! pointer-coarse:size-11!";

/** On a phone the first of them take one line; the others come when they are asked for. */
const firstOnPhone = "max-sm:[&>*:nth-child(n+6):not(:last-child)]:hidden";

interface MessageActionsProps {
  message: Message;
  /** Null while the conversation has no place on the server. */
  conversationId: string | null;
  last: boolean;
  onEdit?: () => void;
}

/** Below a message: its other versions, always in sight; and a quiet row, there for the last one, else on hover, focus or touch. */
export function MessageActions({ message, conversationId, last, onEdit }: MessageActionsProps) {
  const t = useT();
  const { role } = useCompany();
  const mayEdit = role !== "view";
  const tools = use(ToolsContext);
  const rested = useRested() || last;
  const [all, setAll] = useState(false);
  return (
    <div className="mt-1 -ms-1.5 flex items-center text-ink-3">
      {conversationId && <Siblings message={message} conversationId={conversationId} />}
      {tools?.(message)}
      <div className={cx("flex min-h-8 flex-wrap items-center transition-opacity pointer-coarse:min-h-11", !last && "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100", !all && firstOnPhone)}>
        {rested && (
          <>
            {message.text && <CopyButton text={message.text} label={t("message.copy")} />}
            {conversationId && mayEdit && message.text && <Suspense><PinButton message={message} conversationId={conversationId} className={small} /></Suspense>}
            {conversationId && message.role === "assistant" && message.text && <ReadAloud message={message} />}
            {conversationId && mayEdit && <VersionButtons message={message} conversationId={conversationId} {...(onEdit ? { onEdit } : {})} />}
            {conversationId && <MarkButtons message={message} conversationId={conversationId} />}
            {conversationId && role === "owner" && message.text && message.status !== "streaming" && <Suspense><ShareHere message={message} conversationId={conversationId} className={small} /></Suspense>}
            {conversationId && <IconButton label={t("message.more")} aria-expanded={all} className={cx(small, "sm:hidden")} onClick={() => setAll(!all)}><Ellipsis className="size-4" aria-hidden="true" /></IconButton>}
          </>
        )}
      </div>
    </div>
  );
}

/** Whether the list has come to rest since the message came into it: what only shows under the mouse need not be made while rows fly by. */
function useRested(): boolean {
  const [rested, setRested] = useState(() => !useScrolling.getState().moving || matchMedia("(pointer: coarse)").matches);
  useEffect(() => {
    if (rested) return undefined;
    const look = (): void => { if (!useScrolling.getState().moving) startTransition(() => setRested(true)); };
    look();
    return useScrolling.subscribe(look);
  }, [rested]);
  return rested;
}

function ReadAloud({ message }: { message: Message }) {
  const t = useT();
  const reading = useSpeech((s) => s.source === message.id);
  const unavailable = useSpeech((s) => s.unavailable);
  if (unavailable) return null;
  const toggle = (): void => {
    interruptSpeech();
    if (reading) return;
    unlockSpeech();
    void import("../markdown/plain").then(({ plainText, sentencesOf }) => {
      for (const text of sentencesOf(plainText(message.text), message.language)) say(message.id, { text, language: message.language });
    });
  };
  return (
    <IconButton label={t(reading ? "message.silence" : "message.read")} aria-pressed={reading} className={cx(small, reading && "text-jean-ink")} onClick={toggle}>
      {reading ? <Square className="size-3.5 fill-current" aria-hidden="true" /> : <Volume2 className="size-4" aria-hidden="true" />}
    </IconButton>
  );
}

const off = { id: null } as const;

/** Moves between the versions of a message: answers to the same question, questions after the same answer. */
function Siblings({ message: { id, siblingIds }, conversationId }: { message: Message; conversationId: string }) {
  const group = useRef<HTMLSpanElement>(null);
  const running = useLive((s) => s.turns[conversationId] !== undefined);
  const mayEdit = useCompany().role !== "view";
  // The pressed button went away with its message: the focus goes on to its like.
  useEffect(() => {
    const { id: wanted, step } = useSwitched.getState();
    if (wanted !== id) return;
    useSwitched.setState(off);
    const usable = [...group.current?.querySelectorAll("button") ?? []].filter((button) => !button.disabled);
    usable.at(step === 1 ? -1 : 0)?.focus({ preventScroll: true });
  }, [id]);
  return <SiblingSwitch ref={group} id={id} siblingIds={siblingIds} disabled={running || !mayEdit} onGo={(to, step) => void showSibling(conversationId, to, step)} />;
}
