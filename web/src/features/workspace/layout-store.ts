import { create } from "zustand";
import { persist } from "zustand/middleware";

interface Layout {
  /** Jean's dock beside the page, or folded to her portrait. */
  dock: "open" | "folded";
}

/** How the shell is arranged on this device. */
export const useLayout = create<Layout>()(persist<Layout>(() => ({ dock: "open" }), { name: "jt:layout", version: 1 }));

interface Overlays {
  palette: boolean;
  keys: boolean;
  /** On a phone Jean and More come up as sheets. */
  sheet: "jean" | "more" | null;
}
export const useOverlays = create<Overlays>()(() => ({ palette: false, keys: false, sheet: null }));
export const openPalette = (): void => useOverlays.setState({ palette: true });
/** The palette and the list of keys are fetched when first wanted. Esc before they are there takes the wish back, and does nothing else. */
export function listenForEarlyEscape(): () => void {
  const handle = (event: KeyboardEvent): void => {
    const { palette, keys } = useOverlays.getState();
    // Once there is a dialog the browser closes it.
    if (event.key !== "Escape" || event.isComposing || !(palette || keys) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    useOverlays.setState({ palette: false, keys: false });
  };
  // Before the page's own Esc, which would stop an answer.
  document.addEventListener("keydown", handle, { capture: true });
  return () => document.removeEventListener("keydown", handle, { capture: true });
}
export const toggleDock = (): void => {
  if (matchMedia("(width < 64rem)").matches) useOverlays.setState(({ sheet }) => ({ sheet: sheet === "jean" ? null : "jean" }));
  else useLayout.setState(({ dock }) => ({ dock: dock === "open" ? "folded" : "open" }));
};
