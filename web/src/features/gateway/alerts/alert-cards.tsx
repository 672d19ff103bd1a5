import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, CircleAlert, Hourglass, Wallet, type LucideIcon } from "lucide-react";
import { useRef } from "react";
import type { Alert } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { ErrorNote } from "@/shared/ui/states";
import { useT } from "../console/text";
import { openAlerts, type OpenAlert } from "./open-alerts";
import { acknowledgeAlert, alertsKey, alertsQuery } from "./queries";
import { fullness, useAlertWords, useMoments } from "./words";

export const alertIcons: Record<Alert["kind"], LucideIcon> = { errors: CircleAlert, latency: Hourglass, budget: Wallet };

/** What is amiss and was not seen yet; nothing where all is well. */
export function AlertCards() {
  const t = useT();
  const queryClient = useQueryClient();
  const list = useRef<HTMLDivElement>(null);
  const alerts = useQuery(alertsQuery).data;
  const see = useMutation({
    mutationFn: (ids: readonly string[]) => Promise.all(ids.map(acknowledgeAlert)),
    onMutate: async (ids) => {
      await queryClient.cancelQueries({ queryKey: alertsKey });
      const before = queryClient.getQueryData(alertsQuery.queryKey);
      const at = new Date().toISOString();
      queryClient.setQueryData(alertsQuery.queryKey, (all) => all?.map((alert) => (ids.includes(alert.id) ? { ...alert, acknowledgedAt: at } : alert)));
      return before;
    },
    onError: (_, __, before) => queryClient.setQueryData(alertsQuery.queryKey, before),
    onSettled: () => queryClient.invalidateQueries({ queryKey: alertsKey }),
  });
  const shown = openAlerts(alerts ?? []);
  const seen = (button: HTMLElement, ids: readonly string[]): void => {
    // The button goes with its card: the focus moves on to the next one, after the last to the page's heading.
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const index = buttons.indexOf(button as HTMLButtonElement);
    const next: HTMLElement | null = buttons[index + 1] ?? buttons[index - 1] ?? document.querySelector("h1");
    next?.focus({ preventScroll: true });
    see.mutate(ids);
  };
  return (
    <>
      {/* There before there is anything to tell, and without room of its own, so that what comes is announced and only that. */}
      <div ref={list} role="status" aria-live="polite" aria-atomic="false" aria-relevant="additions" aria-label={t("alerts")} className={cx(shown.length === 0 ? "-mb-5" : "flex flex-col gap-2")}>
        {shown.map((open) => <AlertCard key={open.alert.id} open={open} onSeen={(button) => seen(button, open.ids)} />)}
      </div>
      {see.error && <ErrorNote error={see.error} />}
    </>
  );
}

function AlertCard({ open: { alert }, onSeen }: { open: OpenAlert; onSeen: (button: HTMLElement) => void }) {
  const t = useT();
  const words = useAlertWords();
  const moment = useMoments();
  const Icon = alertIcons[alert.kind];
  const [name, what, against] = [words.of(alert), words.what(alert), words.against(alert)];
  const bad = alert.kind === "errors" || (alert.kind === "budget" && fullness(alert) >= 100);
  return (
    <article className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface-1 py-3 ps-4 pe-3">
      <div className="flex min-w-0 flex-1 basis-64 gap-3">
        <span className={cx("mt-0.5 grid size-8 shrink-0 place-items-center rounded-full", bad ? "bg-bad-soft text-bad-ink" : "bg-warn-soft text-warn-ink")}><Icon className="size-4.5" aria-hidden="true" /></span>
        <div className="min-w-0">
          <p><bdi className="font-medium">{name}</bdi> · {what}</p>
          <p className="text-sm text-ink-2">{against && <>{against} · </>}<time dateTime={alert.raisedAt}>{t(alert.kind === "budget" ? "alert.reached" : "alert.since", { time: moment(alert.raisedAt) })}</time></p>
        </div>
      </div>
      <Button look="quiet" className="max-sm:ms-auto" aria-label={t("alert.seen.of", { name: `${name}, ${what}` })} onClick={(e) => onSeen(e.currentTarget)}><Check className="size-4" aria-hidden="true" />{t("alert.seen")}</Button>
    </article>
  );
}
