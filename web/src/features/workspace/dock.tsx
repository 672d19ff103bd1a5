import { PanelRightClose, Square, Volume2, VolumeX } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { useJean, type JeanActivity } from "@/shared/jean/store";
import { setPreferences } from "@/shared/theme/sync";
import { usePreferences } from "@/shared/theme/store";
import { Button, IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { toggleDock, useLayout } from "./layout-store";
import { useT } from "./text";

/**
 * Jean at the end side: her face, what she says, what she is doing. The face comes from outside, so that nothing heavy is loaded here.
 * Folded, or for those who do not want the face, she is a narrow strip; then what she says floats beside it while she says it.
 */
export function Dock({ face, portrait, tools }: { face: ReactNode; portrait: ReactNode; tools?: ReactNode }) {
  const t = useT();
  const open = useLayout((s) => s.dock === "open");
  const showAvatar = usePreferences((s) => s.showAvatar);
  if (open && showAvatar) return (
    <aside data-region aria-label={t("dock.label")} className="hidden w-80 shrink-0 flex-col border-s border-line bg-surface-0 lg:flex xl:w-88">
      <DockContent face={face} tools={tools} onFold={toggleDock} />
    </aside>
  );
  return (
    <aside data-region aria-label={t("dock.label")} className="relative hidden w-20 shrink-0 flex-col items-center gap-2 border-s border-line py-3 lg:flex">
      <button type="button" onClick={toggleDock} aria-expanded={open} title={t(open ? "dock.fold" : "dock.open")} aria-label={t(open ? "dock.fold" : "dock.open")} className="relative size-12 rounded-full">
        {portrait}
        <ActivityDot className="absolute end-0 bottom-0 ring-2 ring-surface-0" />
      </button>
      {open && <StripControls />}
      {open && <FloatingCaptions />}
    </aside>
  );
}

function StripControls() {
  const t = useT();
  const activity = useJean((s) => s.activity);
  const interrupt = useJean((s) => s.interrupt);
  return (
    <>
      <p className={cx("px-1 text-center text-[0.6875rem] leading-4 font-medium text-ink-2", activity === "idle" && "sr-only")}>{t(`dock.${activity}`)}</p>
      <SpeakToggle />
      {interrupt && <IconButton label={t("dock.stop")} onClick={interrupt}><Square className="size-4 fill-current" aria-hidden="true" /></IconButton>}
    </>
  );
}

/** Over the page's edge, so that nothing moves when she begins; presses go through to what is below. */
function FloatingCaptions() {
  const busy = useJean((s) => s.caption !== "" && (s.activity === "speaking" || s.activity === "writing"));
  if (!busy) return null;
  return <div className="frosted pointer-events-none absolute end-full top-16 z-10 me-3 w-72 rounded-lg pb-4"><Captions /></div>;
}

export function DockContent({ face, tools, onFold }: { face: ReactNode; tools?: ReactNode; onFold: () => void }) {
  const t = useT();
  const showAvatar = usePreferences((s) => s.showAvatar);
  const interrupt = useJean((s) => s.interrupt);
  return (
    <div className="flex h-full min-h-0 flex-col p-3">
      <div className="flex items-center justify-between gap-2 ps-2">
        <Activity />
        <div className="flex">
          <SpeakToggle />
          <IconButton label={t("dock.fold")} onClick={onFold}><PanelRightClose className="size-5 rtl:-scale-x-100" aria-hidden="true" /></IconButton>
        </div>
      </div>
      {showAvatar && <div className="relative mt-2 aspect-[4/5] max-h-[60%] w-full overflow-hidden rounded-xl bg-jean-soft">{face}</div>}
      <Captions />
      {interrupt && (
        <Button onClick={interrupt} className="mx-2 mt-3"><Square className="size-3.5 fill-current" aria-hidden="true" />{t("dock.stop")}</Button>
      )}
      {tools}
    </div>
  );
}

function SpeakToggle() {
  const t = useT();
  const speaks = usePreferences((s) => s.speakReplies);
  return (
    <IconButton label={t("dock.speak")} aria-pressed={speaks} onClick={() => void setPreferences({ speakReplies: !speaks })} className={speaks ? "text-jean-ink" : undefined}>
      {speaks ? <Volume2 className="size-5" aria-hidden="true" /> : <VolumeX className="size-5" aria-hidden="true" />}
    </IconButton>
  );
}

const tones: Record<JeanActivity, string> = { idle: "bg-line-strong", listening: "bg-ok", thinking: "bg-jean animate-pulse", writing: "bg-jean animate-pulse", speaking: "bg-jean", failed: "bg-bad" };

function ActivityDot({ className }: { className?: string }) {
  const activity = useJean((s) => s.activity);
  return <span aria-hidden="true" className={cx("inline-block size-2.5 rounded-full", tones[activity], className)} />;
}

function Activity() {
  const t = useT();
  const activity = useJean((s) => s.activity);
  return (
    <p className="flex min-w-0 items-center gap-2.5 text-sm font-medium">
      <ActivityDot className="shrink-0" />
      <span className="truncate">{t(`dock.${activity}`)}</span>
    </p>
  );
}

/** What she says, for those who cannot or will not listen. Not a live region: the answer itself is on the page. */
function Captions() {
  const t = useT();
  const caption = useJean((s) => s.caption);
  const language = useJean((s) => s.captionLanguage);
  const end = useRef<HTMLParagraphElement>(null);
  if (!caption) return null;
  return <p ref={end} role="note" aria-label={t("dock.captions")} lang={language ?? undefined} dir="auto" className="mx-2 mt-4 max-h-32 overflow-y-auto text-lg leading-relaxed font-medium">{caption}</p>;
}
