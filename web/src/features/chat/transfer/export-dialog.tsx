import { useInfiniteQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import type { ConversationSummary } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { currentLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Choice } from "@/shared/ui/field";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { messagesQuery } from "../queries";
import { ExportFields } from "./export-fields";
import { download, exportPath, type ExportFormat, type ExportScope } from "./queries";
import { useT } from "./text";

const mostChosen = 150;

/** A conversation as a file: its shown branch, all of it, or some messages. */
export default function ExportDialog({ conversation, onClose }: { conversation: ConversationSummary; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const [format, setFormat] = useState<ExportFormat>("markdown");
  const [scope, setScope] = useState<ExportScope>("branch");
  const [files, setFiles] = useState(true);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await download(exportPath(conversation.id, { format, scope, messages: chosen, files: files && format !== "csv", language: currentLocale() }), format);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t("export.title", { title: conversation.title })}>
      <div className="flex flex-col gap-4">
        <ExportFields format={format} onFormat={setFormat} files={files} onFiles={setFiles} />
        <Choice label={t("export.what")} value={scope} onChange={setScope} options={[{ value: "branch", label: t("scope.branch") }, { value: "all", label: t("scope.all") }, { value: "some", label: t("scope.some") }]} />
        {scope === "some" && <Messages conversationId={conversation.id} chosen={chosen} onChange={setChosen} />}
        {Boolean(error) && <ErrorNote error={error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="plain" onClick={onClose}>{common("action.cancel")}</Button>
          <Button look="primary" busy={busy} disabled={scope === "some" && chosen.length === 0} onClick={() => void run()}><Download className="size-4.5" aria-hidden="true" />{t(busy ? "export.preparing" : "export.do")}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function Messages({ conversationId, chosen, onChange }: { conversationId: string; chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }) {
  const t = useT();
  const query = useInfiniteQuery(messagesQuery(conversationId));
  if (!query.data) return query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={4} />;
  const messages = query.data.pages.flatMap((page) => page.items).toReversed();
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t("export.choose")}</legend>
      <div className="max-h-64 overflow-y-auto rounded-md border border-line">
        {messages.map((message) => (
          <label key={message.id} className="flex min-h-11 cursor-pointer items-center gap-3 border-b border-line px-3 py-2 last:border-0 hover:bg-surface-2">
            <input
              type="checkbox" checked={chosen.includes(message.id)} disabled={!chosen.includes(message.id) && chosen.length >= mostChosen} className="size-4.5 shrink-0 accent-jean"
              onChange={(e) => onChange(e.target.checked ? [...chosen, message.id] : chosen.filter((id) => id !== message.id))}
            />
            <span dir="auto" className="line-clamp-2 min-w-0 flex-1 text-sm wrap-anywhere">{message.text.slice(0, 300)}</span>
          </label>
        ))}
      </div>
      <p className="mt-1 text-sm text-ink-2" role="status">{t("export.chosen", { count: chosen.length })}</p>
      {query.hasNextPage && <p className="text-sm text-ink-2">{t("export.older")}</p>}
    </fieldset>
  );
}
