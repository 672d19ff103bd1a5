import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound, Lock, LockOpen } from "lucide-react";
import { useEffect, useState } from "react";
import type { PrivateConversation } from "@/shared/api/types";
import { subscribe } from "@/shared/live/live";
import { sessionQuery } from "@/shared/session/session";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Dialog } from "@/shared/ui/dialog";
import { KeyDialog } from "./key-dialog";
import { useTitle } from "./opened";
import { privateKeyQuery, privateKeys, privateListQuery } from "./queries";
import { RowMenu } from "./row-menu";
import { useT } from "./text";
import { Unlock } from "./unlock";
import { lock, useVault } from "./vault";

/** Private conversations, above the others; without their titles until they are unlocked. */
export default function Rows({ current, onPick }: { current: string | null; onPick?: () => void }) {
  const t = useT();
  const { data: pair } = useQuery(privateKeyQuery);
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery({ ...privateListQuery, enabled: Boolean(pair) });
  const open = useVault((s) => s.vault !== null);
  const [dialog, setDialog] = useState<"unlock" | "key" | null>(null);
  useNews();
  if (!pair) return null;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="private-chats" className="shrink-0 px-2 pb-1">
      <div className="flex items-center ps-3">
        <h2 id="private-chats" className="min-w-0 flex-1 truncate text-xs font-semibold text-ink-3">{t("list")}</h2>
        <IconButton label={t("key.open")} className="size-8! pointer-coarse:size-11!" onClick={() => setDialog("key")}><KeyRound className="size-4" aria-hidden="true" /></IconButton>
        <IconButton label={t(open ? "lock" : "unlock")} className="size-8! pointer-coarse:size-11!" onClick={() => { if (open) lock(); else setDialog("unlock"); }}>
          {open ? <LockOpen className="size-4" aria-hidden="true" /> : <Lock className="size-4" aria-hidden="true" />}
        </IconButton>
      </div>
      <ul className="max-h-48 overflow-y-auto overscroll-contain">
        {items.map((one) => <Row key={one.id} conversation={one} current={one.id === current} {...(onPick ? { onPick } : {})} />)}
        {hasNextPage && <li><button type="button" onClick={() => void fetchNextPage()} className="min-h-10 w-full rounded-md px-3 text-start text-sm text-ink-2 hover:bg-surface-2 pointer-coarse:min-h-11">{t("list.more")}</button></li>}
      </ul>
      {dialog === "unlock" && <Dialog open onClose={() => setDialog(null)} title={t("unlock.title")}><Unlock pair={pair} onDone={() => setDialog(null)} /></Dialog>}
      {dialog === "key" && <KeyDialog pair={pair} onClose={() => setDialog(null)} />}
    </section>
  );
}

function Row({ conversation, current, onPick }: { conversation: PrivateConversation; current: boolean; onPick?: () => void }) {
  const t = useT();
  const vault = useVault((s) => s.vault);
  const title = useTitle(vault, conversation.id, conversation.title) ?? t("untitled");
  return (
    <li className="group relative">
      <Link
        to="/chat/private/$privateId" params={{ privateId: conversation.id }} aria-current={current ? "page" : undefined} {...(onPick ? { onClick: onPick } : {})}
        className={cx("flex min-h-10 items-center gap-2 rounded-md ps-3 pe-10 pointer-coarse:min-h-11", current ? "bg-surface-2 font-medium" : "text-ink-2 hover:bg-surface-2 hover:text-ink-1")}
      >
        <Lock className="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
        <bdi className="truncate">{title}</bdi>
        {conversation.runningTurnId && <span className="size-2 shrink-0 animate-pulse rounded-full bg-jean" aria-hidden="true" />}
      </Link>
      <RowMenu conversation={conversation} title={title} vault={vault} current={current} />
    </li>
  );
}

/** What other windows and devices change. */
function useNews(): void {
  const queryClient = useQueryClient();
  const user = useQuery(sessionQuery).data?.user.id;
  useEffect(() => {
    if (!user) return undefined;
    return subscribe(`user:${user}`, (name) => { if (name === "chat.private-changed") void queryClient.invalidateQueries({ queryKey: privateKeys.all }); });
  }, [user, queryClient]);
}
