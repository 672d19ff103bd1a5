import { GitFork, Menu, Share2, Users } from "lucide-react";
import { Suspense, useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { PageTitle } from "@/shared/ui/page";
import { text as sharingText } from "../sharing/text";
import { useT } from "../text";
import { text as togetherText } from "../together/text";
import { text as treeText } from "../tree/text";
import { TitleField } from "./conversation-row";
import { ModelPicker } from "./model-picker";

const PeopleBar = lazyPart(() => Promise.all([import("../together/people-bar"), togetherText.load()]).then(([bar]) => bar));
const PeopleDialog = lazyPart(() => Promise.all([import("../together/people-dialog"), togetherText.load()]).then(([dialog]) => dialog));
const TreeDialog = lazyPart(() => Promise.all([import("../tree/tree-dialog"), treeText.load()]).then(([dialog]) => dialog));
const ShareDialog = lazyPart(() => Promise.all([import("../sharing/share-dialog"), sharingText.load()]).then(([dialog]) => dialog));

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
                ? <button type="button" onClick={() => setRenaming(true)} title={t("row.rename")} dir="auto" className="block max-w-full truncate rounded-sm px-1.5 py-1 hover:bg-surface-2">{title}</button>
                : <span className="px-1.5">{title}</span>}
            </PageTitle>
          )}
      </div>
      {conversation && conversation.people > 1 && <Suspense fallback={null}><PeopleBar conversation={conversation} /></Suspense>}
      {conversation && <PeopleButton conversation={conversation} />}
      {conversation?.headMessageId && conversation.role === "owner" && <ShareButton conversation={conversation} />}
      {conversation?.headMessageId && <TreeButton conversationId={conversation.id} />}
      <ModelPicker value={modelId} onChange={onModel} />
    </header>
  );
}

function PeopleButton({ conversation }: { conversation: ConversationSummary }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const together = conversation.people > 1;
  return (
    <>
      <IconButton label={together ? t("people.together", { count: conversation.people }) : t("people.open")} onClick={() => setOpen(true)} className="relative">
        <Users className="size-5" aria-hidden="true" />
        {together && <span aria-hidden="true" className="absolute end-0.5 top-0.5 grid min-w-4.5 place-items-center rounded-full bg-jean px-1 text-xs font-semibold text-on-accent">{conversation.people}</span>}
      </IconButton>
      {open && <Suspense><PeopleDialog conversation={conversation} onClose={() => setOpen(false)} /></Suspense>}
    </>
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
