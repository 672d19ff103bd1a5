import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useJean } from "@/shared/jean/store";
import { usePreferences } from "@/shared/theme/store";
import { Dock } from "./dock";
import { useLayout } from "./layout-store";
import { text } from "./text";

async function open(showAvatar: boolean) {
  usePreferences.setState({ showAvatar });
  await text.load();
  await act(async () => { render(<Suspense><Dock face={<i data-testid="face" />} portrait={<i />} /></Suspense>); await Promise.resolve(); });
  return screen.getByRole("complementary", { name: "Jean" });
}

beforeEach(() => useLayout.setState({ dock: "open" }));
afterEach(() => {
  cleanup();
  useJean.setState(useJean.getInitialState());
  usePreferences.setState(usePreferences.getInitialState());
});

describe("Jean's dock", () => {
  it("is a wide column while it has a face to show", async () => {
    expect((await open(true)).classList.contains("w-80")).toBe(true);
    expect(screen.getByTestId("face")).toBeTruthy();
  });

  it("is a narrow strip with its controls where the face is not wanted", async () => {
    expect((await open(false)).classList.contains("w-20")).toBe(true);
    expect(screen.queryByTestId("face")).toBeNull();
    expect(screen.getByRole("button", { name: "Speak replies aloud" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Fold Jean away" }).getAttribute("aria-expanded")).toBe("true");
  });

  it("says beside the strip what she says, while she says it, and can be silenced there", async () => {
    await open(false);
    const interrupt = vi.fn();
    act(() => useJean.setState({ caption: "Good morning.", activity: "speaking", interrupt }));
    expect(screen.getByRole("note", { name: "Captions" }).textContent).toBe("Good morning.");
    screen.getByRole("button", { name: "Stop speaking" }).click();
    expect(interrupt).toHaveBeenCalledOnce();
    act(() => useJean.setState({ activity: "idle", interrupt: null }));
    expect(screen.queryByRole("note")).toBeNull();
    expect(screen.queryByRole("button", { name: "Stop speaking" })).toBeNull();
  });
});
