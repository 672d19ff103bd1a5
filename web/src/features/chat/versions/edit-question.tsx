import { useRef, useState } from "react";
import type { Message } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { sendMessage } from "../sending";
import { useSharedText } from "../together/use-shared-text";
import { useTyping } from "../typing";
import { useT } from "./text";

const longest = 100_000;

/** Says a question in other words: asked anew beside the first, with the files it came with. Both stay, each with its answers. */
export default function EditQuestion({ message, conversationId, onClose }: { message: Message; conversationId: string; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const box = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState(message.text);
  const carets = useRef<HTMLDivElement>(null);
  const share = useSharedText({ box, layer: carets, conversationId, draft: message.id, words, setWords });
  const typing = useTyping();
  const attachments = message.parts.flatMap((part) => part.attachment ?? []);
  const ready = (words.trim() !== "" || attachments.length > 0) && words.length <= longest;
  const send = (): void => {
    if (!ready) return;
    share?.("");
    sendMessage({ conversationId, text: words.trim(), parentId: message.parentId, besideId: message.id, modelId: null, attachments });
    onClose();
  };
  return (
    <form className="relative w-full max-w-[85%] rounded-xl rounded-ee-sm border border-jean bg-surface-1 p-2" onSubmit={(e) => { e.preventDefault(); send(); }}>
      <textarea
        ref={box} autoFocus value={words} dir={words ? "auto" : undefined} aria-label={t("edit.words")}
        onFocus={(e) => e.currentTarget.setSelectionRange(words.length, words.length)}
        onChange={(e) => { setWords(e.target.value); share?.(e.target.value); }}
        {...typing.handlers}
        onKeyDown={(e) => {
          if (e.key === "Escape") { e.stopPropagation(); onClose(); }
          if (!typing.sends(e)) return;
          e.preventDefault();
          send();
        }}
        className="max-h-[50dvh] min-h-11 w-full resize-none field-sizing-content bg-transparent px-2 py-1.5 leading-6 outline-none"
      />
      {share && <div ref={carets} aria-hidden="true" className="pointer-events-none absolute" />}
      <p className="px-2 pb-1 text-sm text-ink-2">{t("edit.stays")}</p>
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
        <Button look="primary" type="submit" disabled={!ready}>{t("edit.send")}</Button>
      </div>
    </form>
  );
}
