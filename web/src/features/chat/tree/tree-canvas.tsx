import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import type { TreeSegment } from "@/shared/api/types";
import { formatNumber } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { cx } from "@/shared/ui/cx";
import { neighbour, type layout, type Placed, type Way } from "./layout";
import { useT } from "./text";

const widthPx = 208;
const heightPx = 76;
const columnPx = widthPx + 24;
const rowPx = heightPx + 44;

interface TreeCanvasProps {
  plan: ReturnType<typeof layout>;
  zoom: number;
  chosen: string;
  onChoose: (firstId: string) => void;
  onShow: (segment: TreeSegment) => void;
  onZoom: (step: -1 | 1) => void;
}

/** Moved by scrolling, dragging and the arrow keys; the trail joins what belongs together, the shown branch in Jean's colour. */
export function TreeCanvas({ plan, zoom, chosen, onChoose, onShow, onZoom }: TreeCanvasProps) {
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const drag = useDrag(scroller);
  useWheelZoom(scroller, onZoom);
  // The chosen one is in sight, also after a key or a change of size.
  useEffect(() => {
    scroller.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen, zoom]);
  const keyDown = (e: KeyboardEvent<HTMLElement>): void => {
    const from = plan.placed.find((one) => one.segment.firstId === chosen);
    const rtl = getComputedStyle(e.currentTarget).direction === "rtl";
    const ways: Partial<Record<string, Way>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: rtl ? "end" : "start", ArrowRight: rtl ? "start" : "end" };
    const way = ways[e.key];
    if (!from || !way) return;
    e.preventDefault();
    const to = neighbour(plan.placed, from, way);
    if (!to) return;
    onChoose(to.segment.firstId);
    scroller.current?.querySelector<HTMLElement>(`[data-segment="${to.segment.firstId}"]`)?.focus();
  };
  const size = { width: plan.columns * columnPx + 24, height: plan.rows * rowPx };
  return (
    <div ref={scroller} {...drag} className="min-h-0 flex-1 cursor-grab overflow-auto overscroll-contain bg-surface-0 active:cursor-grabbing">
      <div className="relative mx-auto" style={{ ...size, zoom }}>
        <svg {...size} className="absolute inset-0 rtl:-scale-x-100" aria-hidden="true">
          {plan.placed.map((one) => one.parent && <path key={one.segment.firstId} d={trail(one.parent, one)} fill="none" strokeWidth={one.segment.isShown ? 2.5 : 1.5} className={one.segment.isShown ? "stroke-jean" : "stroke-line-strong"} />)}
        </svg>
        <ul role="tree" aria-label={t("title")} onKeyDown={keyDown}>
          {plan.placed.map((one) => (
            <li key={one.segment.firstId} role="none">
              <Node one={one} chosen={one.segment.firstId === chosen} onChoose={onChoose} onShow={onShow} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Node({ one: { segment, column, row }, chosen, onChoose, onShow }: { one: Placed; chosen: boolean; onChoose: (firstId: string) => void; onShow: (segment: TreeSegment) => void }) {
  const t = useT();
  const locale = useLocale();
  return (
    <button
      type="button" role="treeitem" aria-level={row + 1} aria-selected={chosen} aria-current={segment.isShown || undefined} tabIndex={chosen ? 0 : -1} data-segment={segment.firstId}
      aria-label={[segment.opening, segment.ending, t("messages", { count: segment.count }), segment.isShown ? t("shown") : ""].filter(Boolean).join(". ")}
      onClick={() => onChoose(segment.firstId)} onDoubleClick={() => onShow(segment)}
      style={{ insetInlineStart: 24 + column * columnPx, top: 20 + row * rowPx, width: widthPx, height: heightPx }}
      className={cx(
        "absolute scroll-m-6 flex flex-col justify-center gap-0.5 rounded-lg border bg-surface-1 px-3 text-start text-sm transition-colors hover:bg-surface-2",
        segment.isShown ? "border-jean" : "border-line", chosen && "ring-2 ring-accent-ink",
      )}
    >
      <span dir="auto" className={cx("w-full truncate", segment.role === "user" && "font-medium")}>{segment.opening || "…"}</span>
      {segment.ending && <span dir="auto" className="w-full truncate text-ink-2">{segment.ending}</span>}
      {segment.count > 2 && <span className="text-xs text-ink-2 tabular-nums">+{formatNumber(segment.count - 2, locale)}</span>}
    </button>
  );
}

/** From the foot of one to the head of the other, round where it turns. */
function trail(from: Placed, to: Placed): string {
  const [x1, y1] = [24 + from.column * columnPx + widthPx / 2, 20 + from.row * rowPx + heightPx];
  const [x2, y2] = [24 + to.column * columnPx + widthPx / 2, 20 + to.row * rowPx];
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}

/** A mouse drags the picture; fingers scroll it by themselves. */
function useDrag(scroller: RefObject<HTMLDivElement | null>) {
  const from = useRef<{ x: number; y: number } | null>(null);
  return {
    onPointerDown: (e: PointerEvent<HTMLDivElement>) => {
      if (e.pointerType !== "mouse" || e.button !== 0 || (e.target as Element).closest("button")) return;
      from.current = { x: e.clientX, y: e.clientY };
      e.currentTarget.setPointerCapture(e.pointerId);
    },
    onPointerMove: (e: PointerEvent<HTMLDivElement>) => {
      if (!from.current) return;
      scroller.current?.scrollBy(from.current.x - e.clientX, from.current.y - e.clientY);
      from.current = { x: e.clientX, y: e.clientY };
    },
    onPointerUp: () => { from.current = null; },
    onPointerCancel: () => { from.current = null; },
  };
}

/** The wheel with Ctrl, which is also what a pinch on a touchpad sends. React's own wheel listeners cannot keep the page from growing. */
function useWheelZoom(scroller: RefObject<HTMLDivElement | null>, onZoom: (step: -1 | 1) => void): void {
  const latest = useRef(onZoom);
  useEffect(() => { latest.current = onZoom; });
  useEffect(() => {
    const element = scroller.current;
    let turned = 0;
    const wheel = (e: WheelEvent): void => {
      if (!e.ctrlKey) return;
      e.preventDefault();
      turned += e.deltaY;
      if (Math.abs(turned) < 40) return;
      latest.current(turned < 0 ? 1 : -1);
      turned = 0;
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [scroller]);
}
