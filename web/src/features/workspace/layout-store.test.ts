import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenForKeys, registerActions } from "@/shared/actions/actions";
import { listenForEarlyEscape, openPalette, useOverlays } from "./layout-store";

const stops: (() => void)[] = [];
const stopAnswer = vi.fn();
const escape = (): void => void document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));

beforeEach(() => {
  stops.push(listenForKeys(), listenForEarlyEscape(), registerActions([{ id: "chat.stop", title: () => "", keys: "escape", run: stopAnswer }]));
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  useOverlays.setState(useOverlays.getInitialState());
  stopAnswer.mockReset();
  document.body.replaceChildren();
});

describe("Esc right after the palette was asked for", () => {
  it("takes the wish back before there is a palette, and stops nothing else", () => {
    openPalette();
    escape();
    expect(useOverlays.getState().palette).toBe(false);
    expect(stopAnswer).not.toHaveBeenCalled();
    escape();
    expect(stopAnswer).toHaveBeenCalledOnce();
  });

  it("is the browser's once the palette is there", () => {
    openPalette();
    document.body.appendChild(document.createElement("dialog")).open = true;
    escape();
    expect(useOverlays.getState().palette).toBe(true);
    expect(stopAnswer).not.toHaveBeenCalled();
  });
});
