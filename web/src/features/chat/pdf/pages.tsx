import { ChevronDown, ChevronUp, MoveHorizontal, ZoomIn, ZoomOut } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useAmounts } from "@/shared/i18n/amounts";
import { IconButton } from "@/shared/ui/button";
import { Note } from "@/shared/ui/states";
import { pageAt, place, scaleOf, stepped, toDraw, zooms, type PageSize, type PlacedPage } from "./layout";
import type { PdfFile } from "./pdf-file";
import { PdfPage } from "./pdf-page";
import { useT } from "./text";

/** Pages below each other, of which only those in view are there. */
export function Pages({ file, name }: { file: PdfFile; name: string }) {
  const t = useT();
  const { count } = useAmounts();
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [zoom, setZoom] = useState(1);
  // Where one reads, told by page: it stays there when pages change their size.
  const [reading, setReading] = useState<{ page: number; share: number } | null>(null);
  // Until a page has been seen it is taken to be like the first.
  const [sizes, setSizes] = useState<readonly PageSize[]>(() => Array.from({ length: file.count }, () => file.first));
  const scale = scaleOf(file.first, room.width, zoom);
  const layout = useMemo(() => place(sizes, scale), [sizes, scale]);
  const at = reading && layout.pages[reading.page];
  const top = at ? at.top + reading.share * at.height : 0;
  const current = pageAt(layout.pages, top + room.height / 3);

  useEffect(() => {
    const element = frame.current!;
    const watch = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    element.focus();
    return () => watch.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (frame.current) frame.current.scrollTop = top;
    // Only then: scrolling itself changes it too.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [layout]);
  const scrolled = (): void => {
    const y = frame.current?.scrollTop ?? 0;
    const page = pageAt(layout.pages, y), { top, height } = layout.pages[page]!;
    setReading({ page, share: (y - top) / height });
  };

  const go = (page: number): void => frame.current?.scrollTo({ top: layout.pages[Math.min(file.count - 1, Math.max(0, page))]!.top - 4 });
  const sized = useCallback((page: number, size: PageSize) => setSizes((old) => (Math.abs(old[page]!.width - size.width) + Math.abs(old[page]!.height - size.height) < 1 ? old : old.with(page, size))), []);
  const keyed = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    // A page that is wider than the window is moved by the arrows.
    const turns = e.key.startsWith("Arrow") && (e.key.endsWith("Left") || e.key.endsWith("Right")) && layout.width <= room.width;
    if (e.key === "+" || e.key === "=") setZoom(stepped(zoom, 1));
    else if (e.key === "-") setZoom(stepped(zoom, -1));
    else if (e.key === "0") setZoom(1);
    else if (e.key === "Home") go(0);
    else if (e.key === "End") go(file.count - 1);
    else if (turns) go(current + (e.key === forward ? 1 : -1));
    else return;
    e.preventDefault();
  };

  return (
    <>
      <div className="flex flex-wrap items-center gap-1 border-b border-line px-2 pb-1">
        <IconButton label={t("page.previous")} disabled={current === 0} onClick={() => go(current - 1)}><ChevronUp className="size-5" aria-hidden="true" /></IconButton>
        <IconButton label={t("page.next")} disabled={current === file.count - 1} onClick={() => go(current + 1)}><ChevronDown className="size-5" aria-hidden="true" /></IconButton>
        <PageNumber key={current} current={current + 1} count={file.count} onGo={(page) => go(page - 1)} />
        <span className="text-sm whitespace-nowrap text-ink-2 tabular-nums">{t("page.of", { count: count(file.count) })}</span>
        <span className="flex-1" />
        <IconButton label={t("zoom.out")} disabled={zoom === zooms[0]} onClick={() => setZoom(stepped(zoom, -1))}><ZoomOut className="size-5" aria-hidden="true" /></IconButton>
        <IconButton label={t("zoom.in")} disabled={zoom === zooms.at(-1)} onClick={() => setZoom(stepped(zoom, 1))}><ZoomIn className="size-5" aria-hidden="true" /></IconButton>
        <IconButton label={t("zoom.fit")} onClick={() => setZoom(1)}><MoveHorizontal className="size-5" aria-hidden="true" /></IconButton>
      </div>
      {file.cut && <Note tone="plain" className="m-2">{t("long", { count: count(file.count) })}</Note>}
      <div ref={frame} tabIndex={0} role="region" aria-label={t("pages", { name })} onScroll={scrolled} onKeyDown={keyed} className="relative min-h-0 flex-1 overflow-auto overscroll-contain bg-surface-3">
        <div className="relative min-w-full" style={{ height: layout.height, width: layout.width }}>
          {room.width > 0 && toDraw(layout.pages, top, room.height).map((page) => <OnePage key={page} file={file} page={page} placed={layout.pages[page]!} scale={scale} onSize={sized} />)}
        </div>
      </div>
    </>
  );
}

function PageNumber({ current, count, onGo }: { current: number; count: number; onGo: (page: number) => void }) {
  const t = useT();
  const [typed, setTyped] = useState(String(current));
  const go = (): void => {
    const page = Number.parseInt(typed, 10);
    if (page >= 1 && page <= count) onGo(page);
    else setTyped(String(current));
  };
  return (
    <input
      aria-label={t("page")} inputMode="numeric" dir="ltr" value={typed} onChange={(e) => setTyped(e.target.value)} onFocus={(e) => e.target.select()}
      onKeyDown={(e) => { if (e.key === "Enter") go(); }} onBlur={go}
      className="min-h-9 w-14 rounded-md border border-line-strong bg-surface-1 px-2 text-center tabular-nums pointer-coarse:min-h-11"
    />
  );
}

function OnePage({ file, page, placed, scale, onSize }: { file: PdfFile; page: number; placed: PlacedPage; scale: number; onSize: (page: number, size: PageSize) => void }) {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  const drawer = useRef<PdfPage | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const made = (drawer.current = new PdfPage(file, page + 1, host.current!));
    return () => made.dispose();
  }, [file, page]);
  useEffect(() => {
    let here = true;
    drawer.current?.draw(scale).then((size) => onSize(page, size), () => { if (here) setFailed(true); });
    return () => { here = false; };
  }, [file, page, scale, onSize]);
  return (
    <section aria-label={t("page.number", { number: page + 1 })} className="pdf-page" style={{ top: placed.top, width: placed.width, height: placed.height }}>
      <div ref={host} className="size-full" />
      {failed && <Note tone="bad" className="absolute inset-x-4 top-4">{t("page.failed")}</Note>}
    </section>
  );
}
