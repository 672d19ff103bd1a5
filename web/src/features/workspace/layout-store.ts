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
export const toggleDock = (): void => {
  if (matchMedia("(width < 64rem)").matches) useOverlays.setState(({ sheet }) => ({ sheet: sheet === "jean" ? null : "jean" }));
  else useLayout.setState(({ dock }) => ({ dock: dock === "open" ? "folded" : "open" }));
};
