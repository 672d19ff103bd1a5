import { useState } from "react";
import type { Attachment } from "@/shared/api/types";
import { Dialog } from "@/shared/ui/dialog";
import { fileUrl } from "./attached";
import { useT } from "./text";

/** Pictures beside each other at the same scale; one slider for all. */
export default function Compare({ pictures, onClose }: { pictures: readonly Attachment[]; onClose: () => void }) {
  const t = useT();
  const [zoom, setZoom] = useState(1);
  return (
    <Dialog open onClose={onClose} title={t("image.compare")} className="w-[calc(100vw-1rem)]! max-h-[calc(100dvh-1rem)]!">
      <label className="mb-3 flex min-h-11 items-center gap-3 text-sm">
        {t("image.zoom")}
        <input type="range" min={1} max={4} step={0.25} value={zoom} onChange={(e) => setZoom(Number(e.target.value))} className="min-h-11 w-48 accent-accent" />
      </label>
      <div className="grid auto-cols-[minmax(14rem,1fr)] grid-flow-col gap-3 overflow-x-auto">
        {pictures.map((picture) => (
          <figure key={picture.id} className="min-w-0">
            <div tabIndex={0} role="group" aria-label={picture.name} className="h-[60dvh] overflow-auto rounded-md border border-line bg-surface-2">
              <img src={fileUrl(picture)} alt={t("image.alt", { name: picture.name })} style={{ width: `${zoom * 100}%` }} className="h-auto max-w-none" />
            </div>
            <figcaption className="truncate pt-1 text-sm text-ink-2"><bdi>{picture.name}</bdi></figcaption>
          </figure>
        ))}
      </div>
    </Dialog>
  );
}
