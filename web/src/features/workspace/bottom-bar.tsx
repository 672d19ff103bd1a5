import { Link } from "@tanstack/react-router";
import { Ellipsis, Search } from "lucide-react";
import type { ReactNode } from "react";
import type { Part } from "@/shared/parts/part";
import { usePreferences } from "@/shared/theme/store";
import { cx } from "@/shared/ui/cx";
import { Modal } from "@/shared/ui/dialog";
import { openPalette, useOverlays } from "./layout-store";
import { useIsCurrent } from "./rail";
import { useT } from "./text";

const slot = "flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium";
const closeSheet = (): void => useOverlays.setState({ sheet: null });

/** On a phone: Home, Chat, Jean, More under the thumb. */
export function BottomBar({ parts, portrait, jean }: { parts: readonly Part[]; portrait: ReactNode; jean: ReactNode }) {
  const t = useT();
  const isCurrent = useIsCurrent();
  const sheet = useOverlays((s) => s.sheet);
  const showAvatar = usePreferences((s) => s.showAvatar);
  const others = parts.filter((p) => !p.onPhone);
  return (
    <>
      <nav data-region aria-label={t("nav.main")} className="flex shrink-0 border-t border-line bg-surface-1 pb-[env(safe-area-inset-bottom)] md:hidden">
        {parts.filter((p) => p.onPhone).map((part) => {
          const current = isCurrent(part);
          return (
            <Link key={part.id} to={part.to} aria-current={current ? "page" : undefined} className={cx(slot, current ? "text-accent-ink" : "text-ink-2")}>
              <part.icon className="size-5.5" aria-hidden="true" strokeWidth={current ? 2.25 : 1.9} />
              {part.label()}
            </Link>
          );
        })}
        <button type="button" className={cx(slot, "text-ink-2")} onClick={() => useOverlays.setState({ sheet: "jean" })}>
          <span className="size-6">{portrait}</span>
          {t("nav.jean")}
        </button>
        <button type="button" className={cx(slot, "text-ink-2")} onClick={() => useOverlays.setState({ sheet: "more" })}>
          <Ellipsis className="size-5.5" aria-hidden="true" />
          {t("nav.more")}
        </button>
      </nav>
      <Modal open={sheet === "jean"} onClose={closeSheet} label={t("dock.label")} className={cx("mb-0 w-full max-w-none rounded-b-none rounded-t-xl md:mb-auto md:w-96 md:rounded-b-lg", showAvatar ? "h-[85dvh] md:h-[40rem]" : "min-h-40 pb-[env(safe-area-inset-bottom)]")}>{jean}</Modal>
      <Modal open={sheet === "more"} onClose={closeSheet} label={t("nav.more")} className="mb-0 w-full max-w-none rounded-b-none rounded-t-xl pb-[env(safe-area-inset-bottom)] md:hidden">
        <ul className="p-3">
          {others.map((part) => (
            <li key={part.id}>
              <Link to={part.to} onClick={closeSheet} className="flex min-h-13 items-center gap-4 rounded-md px-4 font-medium hover:bg-surface-2">
                <part.icon className="size-5.5 text-ink-2" aria-hidden="true" />
                {part.label()}
              </Link>
            </li>
          ))}
          <li>
            <button type="button" onClick={() => { closeSheet(); openPalette(); }} className="flex min-h-13 w-full items-center gap-4 rounded-md px-4 font-medium hover:bg-surface-2">
              <Search className="size-5.5 text-ink-2" aria-hidden="true" />
              {t("nav.search")}
            </button>
          </li>
        </ul>
      </Modal>
    </>
  );
}
