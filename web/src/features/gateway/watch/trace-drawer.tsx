import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { isApiError } from "@/shared/api/error";
import type { CallTrace } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { IconButton } from "@/shared/ui/button";
import { CopyButton } from "@/shared/ui/copy-button";
import { Modal } from "@/shared/ui/dialog";
import { Code } from "@/shared/ui/pill";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { nothing, useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { surfaces, type Surface } from "../keys/key-form";
import { keysQuery } from "../keys/queries";
import { Decision } from "../routes/decision";
import { Attempts } from "./attempts";
import { OutcomePill, faultWords } from "./outcome";
import { traceQuery } from "./queries";

/** How one call went, beside the page it was opened from. */
export function TraceDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const common = useCommon();
  const trace = useQuery(traceQuery(id));
  return (
    <Modal open onClose={onClose} labelledBy="trace-title" className="me-0! ms-auto! my-0! h-dvh max-h-none! w-[min(36rem,100vw)] max-w-none! overflow-y-auto overscroll-contain rounded-none! bg-surface-1!">
      <div className="sticky top-0 z-10 flex items-center justify-between gap-4 border-b border-line bg-surface-1 py-1.5 ps-5 pe-2">
        <h2 id="trace-title" className="min-w-0 truncate text-lg font-semibold">{t("trace.title")}</h2>
        <IconButton label={common("action.close")} onClick={onClose}><X className="size-5" aria-hidden="true" /></IconButton>
      </div>
      <div className="px-5 py-5">
        {trace.data ? <Trace trace={trace.data} /> : trace.error ? <ErrorNote error={trace.error} {...(isApiError(trace.error) && trace.error.status === 404 ? {} : { retry: () => void trace.refetch() })} /> : <Skeleton rows={8} />}
      </div>
    </Modal>
  );
}

function Trace({ trace }: { trace: CallTrace }) {
  const t = useT();
  const locale = useLocale();
  const amounts = useAmounts();
  const keys = useInfiniteQuery(keysQuery).data?.pages.flatMap((page) => page.items) ?? [];
  const { call } = trace;
  const blamed = call.blame === "upstream" || call.blame === "server" || call.blame === "client" ? call.blame : null;
  const tokens = (value: number | null, part: number | null, words: "trace.cached" | "trace.reasoning"): ReactNode =>
    value === null ? nothing : <><span dir="ltr" className="tabular">{call.estimated && "≈ "}{amounts.count(value)}</span>{part !== null && part > 0 && <span className="text-ink-2"> · {t(words, { count: part })}</span>}</>;
  return (
    <div className="flex flex-col gap-6">
      <div>
        <p className="flex flex-wrap items-center gap-2 text-lg"><Code className="font-semibold">{call.route}</Code><OutcomePill outcome={call.outcome} /></p>
        {call.modelId && call.modelId !== call.route && <p className="mt-1 text-ink-2">{t("trace.answered")} <Code>{call.modelId}</Code></p>}
      </div>
      {(call.errorCode ?? blamed) && (
        <Note tone={call.outcome === "cancelled" ? "plain" : "bad"}>
          <p className="font-medium">{faultWords(call.errorCode)}</p>
          <p className="flex flex-wrap gap-x-3 text-sm">{blamed && <span>{t(`blame.${blamed}`)}</span>}{call.errorCode && <Code>{call.errorCode}</Code>}</p>
        </Note>
      )}
      <dl className="grid grid-cols-3 gap-3">
        <Big name={t("trace.first")}>{amounts.ms(call.firstByteMs)}</Big>
        <Big name={t("trace.total")}>{amounts.ms(call.totalMs)}</Big>
        <Big name={t("tile.cost")}>{amounts.cost(call.costMicros)}</Big>
      </dl>
      <section>
        <h3 className="mb-1 font-semibold">{t("trace.way")}</h3>
        {trace.decision && <p className="mb-3 text-ink-2">{t("trace.decision")} <Decision decision={trace.decision} /></p>}
        <Attempts attempts={trace.attempts} call={call} />
      </section>
      <dl>
        <Line name={t("trace.input")}>{tokens(call.inputTokens, call.cachedInputTokens, "trace.cached")}</Line>
        <Line name={t("trace.output")}>{tokens(call.outputTokens, call.reasoningTokens, "trace.reasoning")}</Line>
        {call.estimated && <Line name={t("trace.counts")}>{t("trace.estimated")}</Line>}
        <Line name={t("trace.cache")}>{call.cache === "hit" ? t("cache.hit") : call.cache === "semantic" ? t("cache.semantic") : call.cache === "miss" ? t("cache.miss") : t("cache.none")}</Line>
        <Line name={t("call.surface")}>{surfaces.includes(call.surface as Surface) ? t(`surface.${call.surface as Surface}`) : call.surface}{call.streamed && ` · ${t("trace.streamed")}`}</Line>
        <Line name={t("call.key")}>{call.keyId ? <bdi>{keys.find((k) => k.id === call.keyId)?.name ?? call.keyId}</bdi> : t("call.within")}</Line>
        <Line name={t("call.when")}><time dateTime={call.startedAt}>{formatDate(call.startedAt, locale, { dateStyle: "medium", timeStyle: "medium" })}</time></Line>
        {call.status > 0 && <Line name={t("trace.status")}><span dir="ltr">{call.status}</span></Line>}
      </dl>
      {trace.traceId && (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="min-w-0"><span className="block text-sm text-ink-2">{t("trace.id")}</span><Code>{trace.traceId}</Code></span>
          <CopyButton text={trace.traceId} look="plain" label={t("trace.copy")} />
        </div>
      )}
    </div>
  );
}

function Big({ name, children }: { name: string; children: ReactNode }) {
  return <div className="rounded-md bg-surface-2 px-3 py-2"><dt className="text-sm text-ink-2">{name}</dt><dd dir="ltr" className="tabular text-lg font-semibold rtl:text-end">{children}</dd></div>;
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 border-b border-line last:border-0">
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0 text-end">{children}</dd>
    </div>
  );
}
