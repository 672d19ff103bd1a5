import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { Modal } from "./dialog";

afterEach(cleanup);

describe("Modal", () => {
  it("closes itself when it is taken away open, so that the browser gives the focus back", async () => {
    await commonText.load();
    const close = vi.spyOn(HTMLDialogElement.prototype, "close");
    const tree = (there: boolean) => <Suspense>{there && <Modal open onClose={() => undefined} label="Here"><button type="button">OK</button></Modal>}</Suspense>;
    const { rerender } = render(tree(true));
    expect(screen.getByRole<HTMLDialogElement>("dialog").open).toBe(true);
    let connected: boolean | undefined;
    close.mockImplementationOnce(function (this: HTMLDialogElement) { connected = this.isConnected; });
    act(() => rerender(tree(false)));
    expect(close).toHaveBeenCalledOnce();
    expect(connected).toBe(true);
    close.mockRestore();
  });
});
