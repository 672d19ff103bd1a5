import { commonText } from "@/shared/i18n/common";
import { describeError } from "@/shared/api/error";
import { showToast } from "./toast";

const graceMs = 7_000;

/**
 * For what cannot be taken back on the server: hides it at once, does it when the time to undo has run out.
 * Leaving the page in between keeps the thing, which is the safer mistake.
 */
export function withUndo({ text, hide, show, run }: { text: string; hide: () => void; show: () => void; run: () => Promise<unknown> }): void {
  hide();
  const timer = setTimeout(() => {
    dismiss();
    run().catch((error: unknown) => {
      show();
      showToast({ text: describeError(error), tone: "bad" });
    });
  }, graceMs);
  const dismiss = showToast({
    text,
    stays: true,
    action: {
      label: commonText.t("action.undo"),
      run: () => {
        clearTimeout(timer);
        show();
      },
    },
  });
}
