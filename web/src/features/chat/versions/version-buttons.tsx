import { useQuery } from "@tanstack/react-query";
import { Columns2, Info, Pencil, RotateCcw, Shuffle } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import type { Message } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { IconButton } from "@/shared/ui/button";
import { chatModelsQuery } from "../queries";
import { useT as useChat } from "../text";
import { regenerate } from "../turns";
import { text, useT } from "./text";

const Compare = lazy(() => Promise.all([import("./compare"), text.load()]).then(([compare]) => compare));
const small = "size-8! pointer-coarse:size-11!";

interface VersionButtonsProps {
  message: Message;
  conversationId: string;
  onEdit?: (() => void) | undefined;
}

/** What makes another version of a message: other words for a question, another model for an answer, or several of them at once. */
export default function VersionButtons({ message, conversationId, onEdit }: VersionButtonsProps) {
  const t = useT();
  const chat = useChat();
  const [comparing, setComparing] = useState(false);
  if (message.role === "user") {
    return onEdit ? <IconButton label={t("edit")} className={small} onClick={onEdit}><Pencil className="size-4" aria-hidden="true" /></IconButton> : null;
  }
  return (
    <>
      <IconButton label={chat("message.regenerate")} className={small} onClick={() => regenerate(conversationId, message, null)}><RotateCcw className="size-4" aria-hidden="true" /></IconButton>
      <OtherModel message={message} conversationId={conversationId} />
      <IconButton label={t("compare")} className={small} onClick={() => setComparing(true)}><Columns2 className="size-4" aria-hidden="true" /></IconButton>
      <Details message={message} />
      {comparing && <Suspense fallback={null}><Compare message={message} conversationId={conversationId} onClose={() => setComparing(false)} /></Suspense>}
    </>
  );
}

/** The same question to another model; its answer takes the place of this one, which stays beside it. */
function OtherModel({ message, conversationId }: { message: Message; conversationId: string }) {
  const t = useT();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t("other")} className={small} popoverTarget={id} style={{ anchorName: `--${CSS.escape(id)}` }}><Shuffle className="size-4" aria-hidden="true" /></IconButton>
      <div
        id={id} popover="auto" onToggle={(e) => setOpen(e.newState === "open")} onClick={(e) => e.currentTarget.hidePopover()} style={{ positionAnchor: `--${CSS.escape(id)}` }}
        className="menu frosted enter max-h-[min(24rem,60dvh)] overflow-y-auto rounded-md p-1.5"
      >
        {open && <Models onPick={(modelId) => regenerate(conversationId, message, modelId)} />}
      </div>
    </>
  );
}

function Models({ onPick }: { onPick: (modelId: string) => void }) {
  const t = useT();
  const { data: models = [] } = useQuery(chatModelsQuery);
  return models.map((model) => (
    <button key={model.id} type="button" onClick={() => onPick(model.id)} className="flex min-h-10 w-full max-w-80 flex-col justify-center rounded-sm px-3 py-1 text-start hover:bg-surface-2 pointer-coarse:min-h-11">
      <span className="w-full truncate">{model.builtIn ? t("builtIn", { name: model.name }) : model.name}</span>
      {model.providerName && <span className="w-full truncate text-sm text-ink-2">{model.providerName}</span>}
    </button>
  ));
}

function Details({ message }: { message: Message }) {
  const t = useChat();
  const id = useId();
  const locale = useLocale();
  return (
    <>
      <IconButton label={t("message.details")} className={small} popoverTarget={id}><Info className="size-4" aria-hidden="true" /></IconButton>
      <div id={id} popover="auto" className="frosted m-auto rounded-md p-4 text-sm text-ink-1">
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          <dt className="text-ink-2">{t("details.model")}</dt><dd dir="ltr" className="text-end">{message.modelId ?? "—"}</dd>
          <dt className="text-ink-2">{t("details.time")}</dt><dd className="text-end"><time dateTime={message.createdAt}>{formatDate(message.createdAt, locale)}</time></dd>
        </dl>
      </div>
    </>
  );
}
