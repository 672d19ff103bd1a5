import { GitFork, Menu, Share2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { PageTitle } from "@/shared/ui/page";
import { text as sharingText } from "../sharing/text";
import { useT } from "../text";
import { text as togetherText } from "../together/text";
import { text as treeText } from "../tree/text";
import { TitleField } from "./conversation-row";
import { ModelPicker } from "./model-picker";

const PeopleBar = lazy(() => Promise.all([import("../together/people-bar"), togetherText.load()]).then(([bar]) => bar));
const TreeDialog = lazy(() => Promise.all([import("../tree/tree-dialog"), treeText.load()]).then(([dialog]) => dialog));
const ShareDialog = lazy(() => Promise.all([import("../sharing/share-dialog"), sharingText.load()]).then(([dialog]) => dialog));

interface HeaderProps {
  conversation: ConversationSummary | null;
  modelId: string | null;
  onModel: (modelId: string | null) => void;
  onList: () => void;
}

export function Header({ conversation, modelId, onModel, onList }: HeaderProps) {
  const t = useT();
  const [renaming, setRenaming] = useState(false);
  const title = conversation?.title ?? t("list.new");
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line px-2 md:px-4">
      <IconButton label={t("list.open")} onClick={onList} className="md:hidden"><Menu className="size-5" aria-hidden="true" /></IconButton>
      <div className="min-w-20 flex-1">
        {renaming && conversation && conversation.role !== "view"
          ? <TitleField conversation={conversation} onDone={() => setRenaming(false)} className="w-full max-w-md" />
          : (
            <PageTitle key={conversation?.id ?? "new"} title={title} className="truncate text-base!">
              {conversation
                ? <button type="button" onClick={() => setRenaming(true)} title={t("row.rename")} dir="auto" className="block max-w-full truncate rounded-sm px-1.5 py-1 hover:bg-surface-2"><bdi>{title}</bdi></button>
                : <span className="px-1.5">{title}</span>}
            </PageTitle>
          )}
      </div>
      {conversation && <Suspense fallback={<span className="size-11" />}><PeopleBar conversation={conversation} /></Suspense>}
      {conversation?.headMessageId && conversation.role === "owner" && <ShareButton conversation={conversation} />}
      {conversation?.headMessageId && <TreeButton conversationId={conversation.id} />}
      <ModelPicker value={modelId} onChange={onModel} />
    </header>
  );
}

function ShareButton({ conversation }: { conversation: ConversationSummary }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      {/* On a phone there is no room for it; each message has its own. */}
      <IconButton label={t("share.open")} onClick={() => setOpen(true)} className="max-sm:hidden"><Share2 className="size-5" aria-hidden="true" /></IconButton>
      {open && <Suspense><ShareDialog conversation={conversation} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}

function TreeButton({ conversationId }: { conversationId: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t("tree.open")} onClick={() => setOpen(true)}><GitFork className="size-5" aria-hidden="true" /></IconButton>
      {open && <Suspense><TreeDialog conversationId={conversationId} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
