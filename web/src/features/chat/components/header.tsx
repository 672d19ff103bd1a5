import { Menu } from "lucide-react";
import { useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { PageTitle } from "@/shared/ui/page";
import { useT } from "../text";
import { TitleField } from "./conversation-row";
import { ModelPicker } from "./model-picker";

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
      <div className="min-w-0 flex-1">
        {renaming && conversation
          ? <TitleField conversation={conversation} onDone={() => setRenaming(false)} className="w-full max-w-md" />
          : (
            <PageTitle key={conversation?.id ?? "new"} title={title} className="truncate text-base!">
              {conversation
                ? <button type="button" onClick={() => setRenaming(true)} title={t("row.rename")} dir="auto" className="block max-w-full truncate rounded-sm px-1.5 py-1 hover:bg-surface-2"><bdi>{title}</bdi></button>
                : <span className="px-1.5">{title}</span>}
            </PageTitle>
          )}
      </div>
      <ModelPicker value={modelId} onChange={onModel} />
    </header>
  );
}
