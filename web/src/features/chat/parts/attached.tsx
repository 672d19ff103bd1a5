import { Columns2, FileText } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { Attachment, MessagePart } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { useByteSize } from "./size";
import { Recording } from "./recording";
import { useT } from "./text";

const Compare = lazy(() => import("./compare"));
const PdfReader = lazy(() => import("../pdf/reader"));

export const fileUrl = (attachment: Attachment): string => `/api/chat/attachments/${attachment.id}`;
export const thumbnailUrl = (attachment: Attachment): string => (attachment.hasThumbnail ? `${fileUrl(attachment)}/thumbnail` : fileUrl(attachment));

/** What came with a question: pictures beside each other, files below them. */
export default function AttachedParts({ parts }: { parts: readonly MessagePart[] }) {
  const t = useT();
  const [comparing, setComparing] = useState(false);
  const pictures = parts.filter((part) => part.kind === "image");
  const others = parts.filter((part) => part.kind !== "image");
  const several = pictures.flatMap((part) => (part.attachment ? [part.attachment] : []));
  return (
    <div className="mb-1.5 flex max-w-[85%] flex-col items-end gap-1.5">
      {pictures.length > 0 && <div className="flex flex-wrap justify-end gap-1.5">{pictures.map((part) => <AttachedPart key={part.ordinal} part={part} alone={pictures.length === 1} />)}</div>}
      {several.length > 1 && <Button look="plain" onClick={() => setComparing(true)}><Columns2 className="size-4" aria-hidden="true" />{t("image.compare")}</Button>}
      {others.map((part) => <AttachedPart key={part.ordinal} part={part} alone={false} />)}
      {comparing && <Suspense><Compare pictures={several} onClose={() => setComparing(false)} /></Suspense>}
    </div>
  );
}

export function AttachedPart({ part, alone }: { part: MessagePart; alone: boolean }) {
  const t = useT();
  const size = useByteSize();
  const { attachment } = part;
  if (!attachment) {
    // A picture elsewhere is not loaded unasked: its server would learn who reads this.
    return part.url
      ? <a href={part.url} target="_blank" rel="noreferrer noopener" className="inline-flex min-h-11 items-center rounded-md border border-line bg-surface-1 px-4 text-accent-ink hover:bg-surface-2">{t("image.elsewhere", { host: hostOf(part.url) })}</a>
      : <p className="rounded-md bg-surface-2 px-4 py-2.5 text-sm text-ink-2">{t(part.state === "expired" ? "image.expired" : "file.gone")}</p>;
  }
  if (part.kind === "image") return <Picture attachment={attachment} alone={alone} />;
  if (attachment.mediaType.startsWith("audio/")) return <Recording attachment={attachment} url={fileUrl(attachment)} />;
  const shown = (
    <>
      <FileText className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
      <bdi className="truncate">{attachment.name}</bdi>
      <span className="shrink-0 text-sm text-ink-3 tabular-nums">{size(attachment.sizeBytes)}</span>
    </>
  );
  return attachment.mediaType === "application/pdf"
    ? <Pdf attachment={attachment}>{shown}</Pdf>
    : <a href={fileUrl(attachment)} download={attachment.name} className={fileClass}>{shown}</a>;
}

const fileClass = "inline-flex min-h-11 max-w-full items-center gap-2 rounded-md border border-line bg-surface-1 px-4 hover:bg-surface-2";

function Pdf({ attachment, children }: { attachment: Attachment; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-haspopup="dialog" className={fileClass} onClick={() => setOpen(true)}>{children}</button>
      {open && <Suspense><PdfReader attachment={attachment} url={fileUrl(attachment)} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}

function Picture({ attachment, alone }: { attachment: Attachment; alone: boolean }) {
  const t = useT();
  const { width, height } = attachment;
  // A picture alone is shown as it is, up to a good size; its place is there before it is.
  return (
    <a href={fileUrl(attachment)} target="_blank" rel="noopener" title={attachment.name} className={cx("block overflow-hidden rounded-md border border-line bg-surface-2", alone ? "w-fit max-w-full" : "size-32")}>
      <img
        src={alone && (width ?? 0) > 256 ? fileUrl(attachment) : thumbnailUrl(attachment)} alt={t("image.alt", { name: attachment.name })} loading="lazy" decoding="async"
        width={width ?? undefined} height={height ?? undefined} className={alone ? "h-auto max-h-96 w-auto max-w-full object-contain" : "size-full object-cover"}
      />
    </a>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
