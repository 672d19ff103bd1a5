import { useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { listenForKeys } from "@/shared/actions/actions";
import type { PaletteSource, Part } from "@/shared/parts/part";
import { Toasts } from "@/shared/ui/toast";
import { BottomBar } from "./bottom-bar";
import { Dock, DockContent } from "./dock";
import { listenForEarlyEscape, useOverlays } from "./layout-store";
import { ConnectionBanner } from "./connection-banner";
import { Rail } from "./rail";
import { useShellActions } from "./shell-actions";
import { useT } from "./text";

const Palette = lazy(() => import("./palette/palette"));
const KeysHelp = lazy(() => import("./palette/keys-help"));

interface ShellProps {
  parts: readonly Part[];
  sources: readonly PaletteSource[];
  /** Jean's moving face; loaded by whoever passes it in. */
  face: ReactNode;
  portrait: ReactNode;
  /** What must be seen on every page. */
  banner?: ReactNode;
  children: ReactNode;
}

/** The house around every page: parts at the start side, the page, Jean at the end side. */
export function Shell({ parts, sources, face, portrait, banner, children }: ShellProps) {
  const t = useT();
  const { palette, keys } = useOverlays();
  useShellActions(parts);
  useEffect(() => listenForKeys(), []);
  useEffect(() => listenForEarlyEscape(), []);
  useNavigationMark();
  return (
    <div className="flex h-dvh flex-col">
      <a href="#content" className="frosted sr-only z-50 rounded-md px-4 py-2 font-medium focus:not-sr-only focus:fixed focus:start-3 focus:top-3">{t("skip")}</a>
      {banner}
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <Rail parts={parts} />
        <main data-region id="content" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 outline-none">{children}</main>
        <Dock face={face} portrait={portrait} />
      </div>
      <BottomBar parts={parts} portrait={portrait} jean={<DockContent face={face} onFold={() => useOverlays.setState({ sheet: null })} />} />
      <Toasts />
      <Suspense fallback={null}>
        {palette && <Palette sources={sources} />}
        {keys && <KeysHelp />}
      </Suspense>
    </div>
  );
}

/** After the first page, headings take the focus when the page changes. */
function useNavigationMark(): void {
  const path = useRouterState({ select: (s) => s.location.pathname });
  useEffect(() => () => void (document.body.dataset["navigated"] = ""), [path]);
}
