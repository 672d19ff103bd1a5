import { Link } from "@tanstack/react-router";
import { Clock, RotateCcw, Square, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, describeError } from "@/shared/api/error";
import type { Message } from "@/shared/api/types";
import { Button, buttonClass, Spinner } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { discardMessage, retryMessage } from "../sending";
import { setDraft, type Pending } from "../store";
import { useT } from "../text";
import { continueAnswer, refresh, regenerate } from "../turns";

/** Why an answer is not complete, and what to do about it. */
export function StatusNote({ message, conversationId }: { message: Message; conversationId: string }) {
  const t = useT();
  const goOn = <Button onClick={() => continueAnswer(conversationId, message)}>{t("status.continue")}</Button>;
  switch (message.status) {
    case "interrupted": return <Line tone="warn" icon={<TriangleAlert className="size-4.5 shrink-0" aria-hidden="true" />} text={t("status.interrupted")}>{goOn}</Line>;
    case "stopped": return <Line tone="plain" icon={<Square className="size-4.5 shrink-0" aria-hidden="true" />} text={t("status.stopped")}>{goOn}</Line>;
    case "streaming": return <Line tone="plain" icon={<Spinner />} text={t("status.elsewhere")}><Button onClick={() => void refresh(conversationId)}>{t("status.look")}</Button></Line>;
    case "failed": {
      const { error } = message;
      const atGateway = error?.code.startsWith("gateway.") ?? false;
      return (
        <Line tone="bad" icon={<TriangleAlert className="size-4.5 shrink-0" aria-hidden="true" />} text={error?.detail ?? error?.title ?? t("status.failed")}>
          {message.text ? goOn : null}
          <Button onClick={() => regenerate(conversationId, message, null)}><RotateCcw className="size-4" aria-hidden="true" />{t("status.retry")}</Button>
          {atGateway && <Link to="/settings/models" className={buttonClass("plain", "text-bad-ink")}>{t("status.models")}</Link>}
        </Line>
      );
    }
    default: return null;
  }
}

/** A message that has not reached the server. */
export function PendingNote({ pending }: { pending: Pending }) {
  const t = useT();
  const { state, problem, clientId } = pending;
  if (state !== "failed" || !problem) {
    return <p className="mt-1.5 flex items-center gap-1.5 text-sm text-ink-3"><Clock className="size-3.5" aria-hidden="true" />{t(state === "sending" ? "pending.sending" : "pending.waiting")}</p>;
  }
  const takeBack = (): void => {
    setDraft(pending.conversationId ?? "new", pending.text);
    discardMessage(clientId);
  };
  return (
    <div className="mt-2 w-full max-w-[85%]">
      <Line tone="bad" icon={<TriangleAlert className="size-4.5 shrink-0" aria-hidden="true" />} text={describeError(problem instanceof ApiError ? problem : new ApiError(problem))}>
        <Button onClick={() => retryMessage(clientId)}><RotateCcw className="size-4" aria-hidden="true" />{t("pending.retry")}</Button>
        <Button look="plain" onClick={takeBack}>{t("pending.edit")}</Button>
      </Line>
    </div>
  );
}

const tones = { warn: "bg-warn-soft text-warn-ink", bad: "bg-bad-soft text-bad-ink", plain: "bg-surface-2 text-ink-2" };

function Line({ tone, icon, text, children }: { tone: keyof typeof tones; icon: ReactNode; text: string; children?: ReactNode }) {
  return (
    <div className={cx("mt-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-4 py-2.5", tones[tone])}>
      {icon}
      <p className="min-w-40 flex-1" dir="auto">{text}</p>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}
