import { FileText, Music, RotateCcw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { describeError } from "@/shared/api/error";
import { useAmounts } from "@/shared/i18n/amounts";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { removeUpload, retryUpload, type Upload } from "./uploads";
import { useT } from "./text";

/** The files beside a draft: what each is, how far it got, and how to be rid of it. */
export default function Chips({ uploads }: { uploads: readonly Upload[] }) {
  const t = useT();
  return (
    <ul aria-label={t("attach.list")} className="mb-2 flex max-h-40 flex-wrap gap-2 overflow-y-auto">
      {uploads.map((item) => <Chip key={item.localId} item={item} />)}
    </ul>
  );
}

function Chip({ item }: { item: Upload }) {
  const t = useT();
  const { percent } = useAmounts();
  const picture = usePreview(item);
  const failed = item.state === "failed";
  const said = failed ? (item.error ? describeError(item.error) : "") : item.state === "waiting" ? t("attach.waiting") : item.state === "sending" && item.progress === 1 ? t("attach.checking") : item.state === "sending" ? t("attach.uploading", { percent: percent(item.progress, 1) }) : null;
  const sound = (item.attachment?.mediaType ?? item.file?.type ?? "").startsWith("audio/");
  return (
    <li className={cx("flex max-w-full min-w-0 items-center gap-2 rounded-md border bg-surface-1 ps-1.5", failed ? "border-bad" : "border-line")}>
      {picture ? <img src={picture} alt="" className="size-9 rounded-sm object-cover" /> : sound ? <Music className="ms-1 size-4 text-ink-3" aria-hidden="true" /> : <FileText className="ms-1 size-4 text-ink-3" aria-hidden="true" />}
      <span className="flex min-w-0 flex-col py-1 text-sm">
        <bdi className="max-w-52 truncate">{item.name}</bdi>
        {said && <span role={failed ? "alert" : undefined} className={cx("max-w-64 text-xs tabular-nums", failed ? "text-bad-ink" : "text-ink-2")}>{said}</span>}
        {item.state === "sending" && <span aria-hidden="true" className="h-1 overflow-hidden rounded-full bg-surface-2"><span className="block h-full bg-jean" style={{ width: `${item.progress * 100}%` }} /></span>}
      </span>
      {failed && <IconButton label={t("attach.retry", { name: item.name })} onClick={() => retryUpload(item.localId)}><RotateCcw className="size-4" aria-hidden="true" /></IconButton>}
      <IconButton label={t("attach.remove", { name: item.name })} className="size-11!" onClick={() => removeUpload(item.localId)}><X className="size-4" aria-hidden="true" /></IconButton>
    </li>
  );
}

/** The picture itself while it is here, its thumbnail once it is there. */
function usePreview({ file, attachment }: Upload): string | null {
  const [url, setUrl] = useState<string | null>(null);
  const local = file && !attachment && /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type) ? file : null;
  useEffect(() => {
    if (!local) return undefined;
    const made = URL.createObjectURL(local);
    // The address belongs to this effect: it ends with it.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [local]);
  if (attachment) return attachment.width === null ? null : `/api/chat/attachments/${attachment.id}${attachment.hasThumbnail ? "/thumbnail" : ""}`;
  return local ? url : null;
}
