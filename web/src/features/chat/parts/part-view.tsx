import { Link } from "@tanstack/react-router";
import { AlertTriangle, BookHeart, Brain, Check, Info, Wrench } from "lucide-react";
import { useSyncExternalStore, type ReactNode } from "react";
import type { MessagePart } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { Spinner } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Disclosure } from "@/shared/ui/disclosure";
import { livePartText } from "../live-turn";
import { AttachedPart } from "./attached";
import { isolated } from "./size";
import { useT } from "./text";

/** One part of an answer. `live` is the conversation in which it is being written here, if it is. */
export default function PartView({ part, live }: { part: MessagePart; live: string | null }) {
  switch (part.kind) {
    case "reasoning": return <Reasoning part={part} live={live} />;
    case "tool": return <Tool part={part} />;
    case "note": return <Note part={part} />;
    default: return <div className="my-3"><AttachedPart part={part} alone /></div>;
  }
}

const nothing = (): string => "";
const never = () => (): void => undefined;

function Reasoning({ part, live }: { part: MessagePart; live: string | null }) {
  const t = useT();
  const { ms } = useAmounts();
  const source = live === null ? undefined : livePartText(live, part.ordinal);
  const growing = useSyncExternalStore(source?.subscribe ?? never, source?.get ?? nothing);
  const running = part.state === "running" && live !== null;
  const label = running ? t("reasoning.running") : part.durationMs === null ? t("reasoning.done") : t("reasoning.took", { time: isolated(ms(part.durationMs)) });
  return (
    <Disclosure className="mb-2" label={<span className="inline-flex items-center gap-1.5"><Brain className={cx("size-4", running && "text-jean-ink")} aria-hidden="true" />{label}</span>}>
      <div dir="auto" className="trail mt-1 ps-4 text-sm whitespace-pre-wrap wrap-anywhere text-ink-2">{source ? growing : part.text}</div>
    </Disclosure>
  );
}

const stateWords = { running: "tool.running", done: "tool.done", failed: "tool.failed", stopped: "tool.stopped", expired: "tool.stopped" } as const;

function Tool({ part }: { part: MessagePart }) {
  const t = useT();
  const { ms } = useAmounts();
  const state = part.state ?? "stopped";
  const icons: Record<string, ReactNode> = {
    running: <Spinner className="text-jean-ink" />,
    done: <Check className="size-4 text-ok-ink" aria-hidden="true" />,
    failed: <AlertTriangle className="size-4 text-bad-ink" aria-hidden="true" />,
  };
  return (
    <section aria-label={t("tool.label", { name: part.name ?? "" })} className="my-3 rounded-md border border-line bg-surface-1 px-4 py-2">
      <Disclosure label={(
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <Wrench className="size-4" aria-hidden="true" />
          <code dir="ltr" className="font-mono text-ink-1">{part.name}</code>
          <span className="inline-flex items-center gap-1 font-normal">{icons[state]}{t(stateWords[state])}{part.durationMs !== null && state !== "running" && <span className="tabular-nums">· {isolated(ms(part.durationMs))}</span>}</span>
        </span>
      )}>
        <div className="flex flex-col gap-2 pt-1 pb-2">
          {part.arguments !== null && <Content label={t("tool.arguments")} text={part.arguments} />}
          {part.result !== null && <Content label={t("tool.result")} text={part.result} />}
          {part.arguments === null && part.result === null && <p className="text-sm text-ink-2">{t("tool.nothing")}</p>}
        </div>
      </Disclosure>
    </section>
  );
}

function Content({ label, text }: { label: string; text: string }) {
  return (
    <figure>
      <figcaption className="text-xs text-ink-2">{label}</figcaption>
      <pre dir="ltr" tabIndex={0} className="max-h-64 overflow-auto rounded-sm bg-surface-2 p-2 text-start font-mono text-xs whitespace-pre-wrap wrap-anywhere">{text}</pre>
    </figure>
  );
}

const notes = { "images-not-seen": "note.imagesNotSeen", "image-not-kept": "note.imageNotKept", "attachments-left-out": "note.leftOut", "recording-unheard": "note.unheard" } as const;

function Note({ part }: { part: MessagePart }) {
  const t = useT();
  if (part.code === "memory-used") return <Used facts={(part.text ?? "").split("\n")} />;
  const words = notes[part.code as keyof typeof notes] as (typeof notes)[keyof typeof notes] | undefined;
  if (!words) return null;
  return <p className="my-2 flex items-start gap-2 rounded-md bg-surface-2 px-4 py-2.5 text-sm text-ink-2"><Info className="mt-0.5 size-4 shrink-0" aria-hidden="true" />{t(words)}</p>;
}

/** What was told to the model of what Jean keeps about the person. */
function Used({ facts }: { facts: readonly string[] }) {
  const t = useT();
  return (
    <Disclosure className="mt-2" label={<span className="inline-flex items-center gap-1.5"><BookHeart className="size-4" aria-hidden="true" />{t("note.memory", { count: facts.length })}</span>}>
      <ul className="trail mt-1 flex flex-col gap-1 ps-4 text-sm text-ink-2">{facts.map((fact) => <li key={fact} dir="auto" className="wrap-anywhere">{fact}</li>)}</ul>
      <Link to="/settings/memory" className="inline-flex min-h-11 items-center ps-4 text-sm font-medium text-accent-ink">{t("note.memory.open")}</Link>
    </Disclosure>
  );
}
