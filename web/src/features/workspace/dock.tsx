import { PanelRightClose, Square, Volume2, VolumeX } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { useJean, type JeanActivity } from "@/shared/jean/store";
import { setPreferences } from "@/shared/theme/sync";
import { usePreferences } from "@/shared/theme/store";
import { Button, IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { toggleDock, useLayout } from "./layout-store";
import { useT } from "./text";

/** Jean at the end side: her face, what she says, what she is doing. The face comes from outside, so that nothing heavy is loaded here. */
export function Dock({ face, portrait, tools }: { face: ReactNode; portrait: ReactNode; tools?: ReactNode }) {
  const t = useT();
  const open = useLayout((s) => s.dock === "open");
  if (!open) return (
    <aside aria-label={t("dock.label")} className="hidden w-20 shrink-0 flex-col items-center border-s border-line py-3 lg:flex">
      <button type="button" onClick={toggleDock} aria-expanded="false" title={t("dock.open")} aria-label={t("dock.open")} className="relative size-12 rounded-full">
        {portrait}
        <ActivityDot className="absolute end-0 bottom-0 ring-2 ring-surface-0" />
      </button>
    </aside>
  );
  return (
    <aside aria-label={t("dock.label")} className="hidden w-80 shrink-0 flex-col border-s border-line bg-surface-0 lg:flex xl:w-88">
      <DockContent face={face} tools={tools} onFold={toggleDock} />
    </aside>
  );
}

export function DockContent({ face, tools, onFold }: { face: ReactNode; tools?: ReactNode; onFold: () => void }) {
  const t = useT();
  const showAvatar = usePreferences((s) => s.showAvatar);
  const speaks = usePreferences((s) => s.speakReplies);
  const interrupt = useJean((s) => s.interrupt);
  return (
    <div className="flex h-full min-h-0 flex-col p-3">
      <div className="flex items-center justify-between gap-2 ps-2">
        <Activity />
        <div className="flex">
          <IconButton label={t("dock.speak")} aria-pressed={speaks} onClick={() => void setPreferences({ speakReplies: !speaks })} className={speaks ? "text-jean-ink" : undefined}>
            {speaks ? <Volume2 className="size-5" aria-hidden="true" /> : <VolumeX className="size-5" aria-hidden="true" />}
          </IconButton>
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
