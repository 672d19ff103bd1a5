import { Download, X } from "lucide-react";
import { useEffect, useState } from "react";
import { send } from "@/shared/api/client";
import type { Attachment } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { buttonClass, IconButton } from "@/shared/ui/button";
import { Modal } from "@/shared/ui/dialog";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { Pages } from "./pages";
import "./pdf.css";
import { PdfFailure, PdfFile } from "./pdf-file";
import { useT } from "./text";

type State = { file: PdfFile } | { error: unknown } | null;

/** A PDF file in the page. It is only looked at: its scripts, links and forms do nothing here. */
export default function Reader({ attachment, url, onClose }: { attachment: Pick<Attachment, "name">; url: string; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const [attempt, setAttempt] = useState(0);
  const state = useFile(url, attempt);
  return (
    <Modal open onClose={onClose} label={attachment.name} className="h-[calc(100dvh-1rem)] max-h-none! w-[calc(100vw-1rem)] max-w-none! overflow-hidden">
      <div className="flex h-full flex-col">
        <header className="flex items-center gap-1 ps-4 pe-1">
          <h2 className="min-w-0 flex-1 truncate font-semibold"><bdi>{attachment.name}</bdi></h2>
          <a href={url} download={attachment.name} title={t("download")} aria-label={t("download")} className={buttonClass("plain", "size-row px-0!")}><Download className="size-5" aria-hidden="true" /></a>
          <IconButton label={common("action.close")} onClick={onClose}><X className="size-5" aria-hidden="true" /></IconButton>
        </header>
        {!state ? <Skeleton rows={8} className="p-5" />
          : "file" in state ? <Pages file={state.file} name={attachment.name} />
          : <div className="p-5">{state.error instanceof PdfFailure
            ? <div role="alert"><Note tone="bad">{t(state.error.why)}</Note></div>
            : <ErrorNote error={state.error} retry={() => setAttempt(attempt + 1)} />}</div>}
      </div>
    </Modal>
  );
}

function useFile(url: string, attempt: number): State {
  const [state, setState] = useState<State>(null);
  useEffect(() => {
    const cancel = new AbortController();
    let opened: PdfFile | null = null;
    const open = async (): Promise<void> => {
      const response = await send("GET", url, { headers: { Accept: "application/pdf, */*" }, signal: cancel.signal });
      opened = await PdfFile.open(await response.arrayBuffer(), cancel.signal);
      if (cancel.signal.aborted) opened.close();
      else setState({ file: opened });
    };
    open().catch((error: unknown) => { if (!cancel.signal.aborted) setState({ error }); });
    return () => {
      cancel.abort();
      opened?.close();
      setState(null);
    };
  }, [url, attempt]);
  return state;
}
