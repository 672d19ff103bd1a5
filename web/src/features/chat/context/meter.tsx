import { useQuery } from "@tanstack/react-query";
import { Settings2 } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import type { ContextMeter } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { IconButton } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { contextQuery } from "../queries";
import { useT } from "./text";

const SettingsDialog = lazy(() => import("./settings-dialog"));

/** Below the composer: how full the model's view of the conversation is, and what the conversation sets. */
export default function ContextBar({ conversationId }: { conversationId: string }) {
  const t = useT();
  const id = useId();
  const [settings, setSettings] = useState(false);
  const { count, percent } = useAmounts();
  const { data } = useQuery(contextQuery(conversationId));
  return (
    <div className="flex min-h-9 items-center justify-end gap-1 text-sm text-ink-3">
      {data && (
        <>
          <button type="button" popoverTarget={id} className="inline-flex min-h-9 items-center gap-2 rounded-sm px-2 hover:bg-surface-2 hover:text-ink-1 pointer-coarse:min-h-11">
            <span aria-hidden="true" className="h-1.5 w-16 overflow-hidden rounded-full bg-surface-3">
              <span className={cx("block h-full", data.usedTokens > data.budgetTokens * 0.9 ? "bg-warn" : "bg-jean")} style={{ width: `${Math.min(100, (data.usedTokens / data.budgetTokens) * 100)}%` }} />
            </span>
            <span className="tabular-nums">{t("meter.label", { percent: percent(data.usedTokens, data.budgetTokens) })}</span>
          </button>
          <div id={id} popover="auto" role="dialog" aria-label={t("meter.title")} className="frosted m-auto max-h-[70dvh] w-[min(26rem,calc(100vw-2rem))] overflow-y-auto rounded-lg p-5 text-ink-1">
            <h2 className="font-semibold">{t("meter.title")}</h2>
            <p className="mt-1 text-sm text-ink-2 tabular-nums">
              {t("meter.of", { used: count(data.usedTokens), budget: count(data.budgetTokens) })} {t("meter.error", { percent: percent(data.errorShare, 1) })} {!data.calibrated && t("meter.uncalibrated")}
            </p>
            <Sections meter={data} />
            <LeftOut meter={data} />
          </div>
        </>
      )}
      <IconButton label={t("settings.open")} className="size-9! pointer-coarse:size-11!" onClick={() => setSettings(true)}><Settings2 className="size-4" aria-hidden="true" /></IconButton>
      {settings && <Suspense><SettingsDialog conversationId={conversationId} onClose={() => setSettings(false)} /></Suspense>}
    </div>
  );
}

const kinds = { instructions: "kind.instructions", summary: "kind.summary", pinned: "kind.pinned", relevant: "kind.relevant", recent: "kind.recent", files: "kind.files", images: "kind.images" } as const;
const reasons = { summarised: "why.summarised", "too-old": "why.tooOld", "pinned-too-long": "why.pinnedTooLong" } as const;

function Sections({ meter }: { meter: ContextMeter }) {
  const t = useT();
  const { count } = useAmounts();
  return (
    <dl className="mt-3 grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 text-sm">
      {meter.sections.map((section) => (
        <div key={section.kind} className="contents">
          <dt>{section.kind in kinds ? t(kinds[section.kind as keyof typeof kinds]) : section.kind}{section.count > 1 && <span className="text-ink-2 tabular-nums"> × {count(section.count)}</span>}</dt>
          <dd className="text-end tabular-nums">{count(section.tokens)}</dd>
        </div>
      ))}
    </dl>
  );
}

function LeftOut({ meter }: { meter: ContextMeter }) {
  const t = useT();
  if (meter.leftOutCount === 0) return null;
  return (
    <>
      <h3 className="mt-4 text-sm font-semibold">{t("left.title", { count: meter.leftOutCount })}</h3>
      <ul className="mt-1 flex flex-col gap-1.5 text-sm">
        {meter.leftOut.map((message) => (
          <li key={message.messageId}>
            <p dir="auto" className="truncate">{message.excerpt}</p>
            <p className="text-xs text-ink-2">{message.why in reasons ? t(reasons[message.why as keyof typeof reasons]) : message.why}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
