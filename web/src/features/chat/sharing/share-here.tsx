import { Share2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Message } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { useT } from "./text";

const ShareDialog = lazy(() => import("./share-dialog"));

/** Shares what was said up to a message. */
export default function ShareHere({ message, conversationId, className }: { message: Message; conversationId: string; className: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t("share.here")} className={className} onClick={() => setOpen(true)}><Share2 className="size-4" aria-hidden="true" /></IconButton>
      {open && <Suspense><ShareDialog conversation={{ id: conversationId }} upTo={message} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
