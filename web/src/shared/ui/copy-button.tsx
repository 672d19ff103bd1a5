import { Check, Copy } from "lucide-react";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "./button";
import { useCopied } from "./use-copied";

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, label, look = "quiet", className }: { text: string; label?: string; look?: "quiet" | "plain" | "primary"; className?: string }) {
  const t = useCommon();
  const { copied, copy } = useCopied(text);
  const Icon = copied ? Check : Copy;
  return (
    <Button look={look} className={className ?? ""} onClick={copy} aria-label={label}>
      <Icon className="size-4" aria-hidden="true" />
      {/* Both words lie on one another, so that the button keeps its width. */}
      <span className="grid"><span className={copied ? "invisible col-start-1 row-start-1" : "col-start-1 row-start-1"}>{t("action.copy")}</span><span aria-live="polite" className="col-start-1 row-start-1">{copied ? t("state.copied") : ""}</span></span>
    </Button>
  );
}
