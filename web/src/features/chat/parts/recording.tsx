import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AudioLines, Music } from "lucide-react";
import { useState } from "react";
import { describeError } from "@/shared/api/error";
import type { Attachment, WholeTranscript } from "@/shared/api/types";
import { Button, Spinner } from "@/shared/ui/button";
import { useT } from "./text";
import { transcriptQuery, useSaid, writeDown, type Said } from "./transcript";

/** So much is read at a glance; more of it is closed until it is asked for. */
const glance = 280;

/** A player, and what is said below it. */
export function Recording({ attachment, url }: { attachment: Attachment; url: string }) {
  return (
    <figure className="flex w-96 max-w-full flex-col gap-1 rounded-md border border-line bg-surface-1 p-2">
      <figcaption className="flex items-center gap-1.5 px-1 text-sm text-ink-2"><Music className="size-4 shrink-0" aria-hidden="true" /><bdi className="truncate">{attachment.name}</bdi></figcaption>
      <audio controls preload="none" src={url} className="w-full max-w-full" />
      <WhatIsSaid attachment={attachment} />
    </figure>
  );
}

function WhatIsSaid({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const [opened, setOpened] = useState(false);
  const said = useSaid(attachment, opened);
  if (!said) return null;
  return (
    <div aria-live="polite" className="px-1 text-sm">
      {said.state === "pending" && <p className="flex min-h-9 items-center gap-2 text-jean-ink"><Spinner />{t("said.pending")}</p>}
      {said.state === "done" && (said.text ? <Words said={said} onOpen={() => setOpened(true)} /> : <p className="py-1 text-ink-2">{t("said.nothing")}</p>)}
      {(said.state === "none" || said.state === "failed") && <NotWritten id={attachment.id} said={said} />}
    </div>
  );
}

function Words({ said, onOpen }: { said: Said; onOpen: () => void }) {
  const t = useT();
  const short = !said.cut && said.text.length <= glance;
  return (
    <details open={short} className="group" onToggle={(e) => { if (e.currentTarget.open) onOpen(); }}>
      <summary className="flex min-h-9 cursor-pointer list-none items-center gap-1.5 rounded-sm font-medium text-ink-2 hover:text-ink-1 pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <AudioLines className="size-4 shrink-0" aria-hidden="true" />
        <span className="shrink-0">{t("said.title")}</span>
        {!short && <bdi className="min-w-0 truncate font-normal text-ink-3 group-open:hidden">{said.text}</bdi>}
      </summary>
      <div dir="auto" tabIndex={short ? undefined : 0} className="trail max-h-96 overflow-y-auto ps-4 text-start whitespace-pre-wrap wrap-anywhere text-ink-1">{said.text}{said.cut && "…"}</div>
    </details>
  );
}

const reasons = { "unreadable": "said.unreadable", "too-long": "said.tooLong", "no-decoder": "said.noDecoder", "too-slow": "said.tooSlow" } as const;

/** Why it is not written down, and what can be done about it. */
function NotWritten({ id, said }: { id: string; said: Said }) {
  const t = useT();
  const queryClient = useQueryClient();
  const again = useMutation({
    mutationFn: () => writeDown(id),
    onSuccess: ({ state, code, text }) => queryClient.setQueryData<WholeTranscript>(transcriptQuery(id).queryKey, { state, code, text, model: null }),
  });
  const none = said.state === "none";
  const reason = (reasons[said.code as keyof typeof reasons] as (typeof reasons)[keyof typeof reasons] | undefined) ?? "said.failed";
  return (
    <div className="flex flex-col items-start gap-1 pt-1">
      <p className="text-ink-2">{t(none ? "said.none" : reason)}</p>
      {again.error && <p role="alert" className="text-bad-ink">{describeError(again.error)}</p>}
      <p className="flex flex-wrap items-center gap-x-4">
        <Button look="plain" busy={again.isPending} onClick={() => again.mutate()}>{t(none ? "said.write" : "said.again")}</Button>
        {none && <Link to="/settings/voice" className="inline-flex min-h-11 items-center font-medium text-accent-ink">{t("said.settings")}</Link>}
      </p>
    </div>
  );
}
