import { Link, useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Download, Ellipsis, FolderInput, LogOut, Pencil, Trash2, Undo2, Users } from "lucide-react";
import { Suspense, useId, useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { lazyPart } from "@/shared/ui/lazy-part";
import { archiveConversation, deleteConversation, renameConversation, restoreConversation, unarchiveConversation } from "../conversation-changes";
import type { ConversationView } from "../queries";
import { useT } from "../text";
import { MenuItem } from "./menu-item";

const ExportDialog = lazyPart(() => import("../transfer/export-dialog"));

interface ConversationRowProps {
  conversation: ConversationSummary;
  current: boolean;
  view: ConversationView;
  onTag: (tag: string) => void;
  onPick?: () => void;
}

const leave = async (conversation: ConversationSummary): Promise<void> => (await import("../together/leave")).leave(conversation);
const OrganiseDialog = lazyPart(() => import("../projects/organise-dialog"));
/** More would not fit beside each other. */
const shownTags = 3;

export function ConversationRow({ conversation, current, view, onTag, onPick }: ConversationRowProps) {
  const t = useT();
  const [renaming, setRenaming] = useState(false);
  const [organising, setOrganising] = useState(false);
  return (
    <li className="group relative [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]">
      {renaming
        ? <TitleField conversation={conversation} onDone={() => setRenaming(false)} className="w-full" />
        : (
          <>
            <Link
              to="/chat/$conversationId" params={{ conversationId: conversation.id }} aria-current={current ? "page" : undefined} {...(onPick ? { onClick: onPick } : {})}
              onDoubleClick={() => setRenaming(true)}
              className={cx("flex min-h-10 items-center gap-2 rounded-md ps-3 pe-10 pointer-coarse:min-h-11", current ? "bg-surface-2 font-medium" : "text-ink-2 hover:bg-surface-2 hover:text-ink-1")}
            >
              <bdi className="truncate">{conversation.title}</bdi>
              {conversation.people > 1 && <Users className="size-3.5 shrink-0 text-ink-3" aria-label={t("row.people", { count: conversation.people })} />}
              {conversation.runningTurnId && <span className="size-2 shrink-0 animate-pulse rounded-full bg-jean" aria-hidden="true" />}
            </Link>
            <RowMenu conversation={conversation} current={current} view={view} onRename={() => setRenaming(true)} onOrganise={() => setOrganising(true)} />
            {conversation.tags.length > 0 && (
              <div className="flex gap-1 overflow-hidden ps-2 pe-10 pb-1 text-xs">
                {conversation.tags.slice(0, shownTags).map((tag) => (
                  <button key={tag} type="button" onClick={() => onTag(tag)} className="min-w-0 truncate rounded-sm px-1 text-ink-3 hover:bg-surface-3 hover:text-ink-1 pointer-coarse:min-h-11"><bdi>#{tag}</bdi></button>
                ))}
              </div>
            )}
            {organising && <Suspense><OrganiseDialog conversation={conversation} onClose={() => setOrganising(false)} /></Suspense>}
          </>
        )}
    </li>
  );
}

/** The title as a field: Enter keeps, Esc forgets. */
export function TitleField({ conversation, onDone, className }: { conversation: ConversationSummary; onDone: () => void; className?: string }) {
  const t = useT();
  const [title, setTitle] = useState(conversation.title);
  const done = (keep: boolean): void => {
    if (keep) renameConversation(conversation, title);
    onDone();
  };
  return (
    <input
      autoFocus value={title} dir="auto" maxLength={200} aria-label={t("rename.label")}
      onFocus={(e) => e.currentTarget.select()} onChange={(e) => setTitle(e.target.value)} onBlur={() => done(true)}
      onKeyDown={(e) => {
        if (e.key === "Enter" && !e.nativeEvent.isComposing) done(true);
        if (e.key === "Escape") { e.stopPropagation(); done(false); }
      }}
      className={cx("min-h-10 min-w-0 rounded-md border border-line-strong bg-surface-1 px-3", className)}
    />
  );
}

function RowMenu({ conversation, current, view, onRename, onOrganise }: { conversation: ConversationSummary; current: boolean; view: ConversationView; onRename: () => void; onOrganise: () => void }) {
  const t = useT();
  const id = useId();
  const navigate = useNavigate();
  // The page must not go on showing what has just left the list.
  const away = (run: () => Promise<void>) => (): void => {
    if (current) void navigate({ to: "/chat" });
    void run();
  };
  const [open, setOpen] = useState(false);
  const [exporting, setExporting] = useState(false);
  const mine = conversation.role === "owner";
  return (
    <>
      <IconButton
        label={t("row.more", { title: conversation.title })} title="" popoverTarget={id} style={{ anchorName: `--${CSS.escape(id)}` }}
        className="absolute end-1 top-1 size-8! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100 aria-expanded:opacity-100"
        aria-expanded={open}
      >
        <Ellipsis className="size-4" aria-hidden="true" />
      </IconButton>
      <div
        id={id} popover="auto" onToggle={(e) => setOpen(e.newState === "open")} onClick={(e) => e.currentTarget.hidePopover()}
        style={{ positionAnchor: `--${CSS.escape(id)}` }} className="menu frosted enter rounded-md p-1.5"
      >
        {open && (
          <>
            {view !== "deleted" && conversation.role !== "view" && <MenuItem icon={<Pencil className="size-4" aria-hidden="true" />} onClick={onRename}>{t("row.rename")}</MenuItem>}
            {view !== "deleted" && mine && <MenuItem icon={<FolderInput className="size-4" aria-hidden="true" />} onClick={onOrganise}>{t("row.organise")}</MenuItem>}
            {view === "active" && <MenuItem icon={<Archive className="size-4" aria-hidden="true" />} onClick={away(() => archiveConversation(conversation))}>{t("row.archive")}</MenuItem>}
            {view === "archived" && <MenuItem icon={<ArchiveRestore className="size-4" aria-hidden="true" />} onClick={() => void unarchiveConversation(conversation)}>{t("row.unarchive")}</MenuItem>}
            {view !== "deleted" && <MenuItem icon={<Download className="size-4" aria-hidden="true" />} onClick={() => setExporting(true)}>{t("row.export")}</MenuItem>}
            {!mine && <MenuItem bad icon={<LogOut className="size-4 rtl:-scale-x-100" aria-hidden="true" />} onClick={away(() => leave(conversation))}>{t("row.leave")}</MenuItem>}
            {mine && (view === "deleted"
              ? <MenuItem icon={<Undo2 className="size-4" aria-hidden="true" />} onClick={() => void restoreConversation(conversation)}>{t("row.restore")}</MenuItem>
              : <MenuItem bad icon={<Trash2 className="size-4" aria-hidden="true" />} onClick={away(() => deleteConversation(conversation))}>{t("row.delete")}</MenuItem>)}
          </>
        )}
      </div>
      <Suspense fallback={null}>{exporting && <ExportDialog conversation={conversation} onClose={() => setExporting(false)} />}</Suspense>
    </>
  );
}
