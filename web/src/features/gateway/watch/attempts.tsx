import type { Call, CallAttempt } from "@/shared/api/types";
import { cx } from "@/shared/ui/cx";
import { Code, Pill } from "@/shared/ui/pill";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { faultWords } from "./outcome";

/** Where an attempt lies in the time of its call, in shares of it. One that never heard anything lasted until the next began. */
export function spanOf(attempts: readonly CallAttempt[], index: number, totalMs: number): { from: number; until: number } {
  const attempt = attempts[index]!;
  const whole = Math.max(1, totalMs, ...attempts.map((a) => a.startMs + (a.headersMs ?? 0)));
  const answered = attempt.error === null && attempt.status !== null && attempt.status < 400;
  const end = answered ? whole : attempt.headersMs !== null ? attempt.startMs + attempt.headersMs : (attempts[index + 1]?.startMs ?? whole);
  return { from: Math.min(1, attempt.startMs / whole), until: Math.min(1, Math.max(end, attempt.startMs) / whole) };
}

/** The attempts of a call on its trail: who was asked, when, and what came of it. */
export function Attempts({ attempts, call }: { attempts: readonly CallAttempt[]; call: Call }) {
  const t = useT();
  const amounts = useAmounts();
  if (attempts.length === 0) return <p className="text-ink-2">{t(call.cache === "hit" || call.cache === "semantic" ? "trace.fromCache" : call.outcome === "running" ? "trace.waiting" : "trace.nobody")}</p>;
  return (
    <ol className="trail flex flex-col gap-4 ps-5">
      {attempts.map((attempt, index) => {
        const answered = attempt.error === null && attempt.status !== null && attempt.status < 400;
        // It began well, and then the call ended badly.
        const broke = answered && index === attempts.length - 1 && (call.outcome === "failed" || call.outcome === "interrupted");
        const good = answered && !broke;
        const running = attempt.error === null && attempt.status === null && call.outcome === "running";
        const { from, until } = spanOf(attempts, index, call.totalMs);
        return (
          <li key={`${attempt.modelId} ${attempt.startMs}`} className="relative">
            <span aria-hidden="true" className={cx("absolute -start-6 top-1.5 size-2.5 rounded-full ring-4 ring-surface-1", good ? "bg-ok" : running ? "bg-jean" : "bg-bad")} />
            <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Code className="font-medium">{attempt.modelId}</Code>
              {attempt.hedge && <Pill tone="jean">{t("attempt.hedge")}</Pill>}
              <span className={cx("ms-auto text-sm", good ? "text-ok-ink" : running ? "text-jean-ink" : "text-bad-ink")}>{good ? t("attempt.good") : running ? t("outcome.running") : faultWords(broke ? call.errorCode : attempt.error)}{attempt.status !== null && <> <span dir="ltr" className="tabular">{attempt.status}</span></>}</span>
            </div>
            <div aria-hidden="true" className="relative mt-1.5 h-1.5 rounded-full bg-surface-2">
              <div className={cx("absolute inset-y-0 min-w-1 rounded-full", good ? "bg-ok" : running ? "bg-jean" : "bg-bad")} style={{ insetInlineStart: `${Math.min(from * 100, 99)}%`, inlineSize: `${(until - from) * 100}%` }} />
            </div>
            <p className="mt-1 text-sm text-ink-2">
              {t("attempt.start")} <span dir="ltr" className="tabular">+{attempt.startMs < 1 ? "0 ms" : amounts.ms(attempt.startMs)}</span>
              {attempt.headersMs !== null && <> · {t("attempt.headers")} <span dir="ltr" className="tabular">{amounts.ms(attempt.headersMs)}</span></>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
