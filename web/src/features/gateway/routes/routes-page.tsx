import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pause, Pencil, Play, Plus, Split, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { RouteItem } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button, IconButton, buttonClass } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Card } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { withUndo } from "@/shared/ui/undo";
import { PageHead } from "../console/frame";
import { useT } from "../console/text";
import { gatewayKeys, modelsQuery } from "../queries";
import { useConditionWords } from "./conditions";
import { DryRunCard } from "./dry-run";
import { deleteRoute, routesKey, routesQuery, updateRoute } from "./queries";
import { RouteDialog } from "./route-dialog";

export function RoutesPage() {
  const t = useT();
  const routes = useQuery(routesQuery);
  const models = useQuery(modelsQuery);
  const [open, setOpen] = useState<RouteItem | "new" | null>(null);
  const connected = models.data?.some((m) => !m.builtIn && !m.route) ?? true;
  return (
    <>
      <PageHead title={t("tab.routes")} text={t("routes.intro")}>
        <Button look="primary" onClick={() => setOpen("new")}><Plus className="size-4" aria-hidden="true" />{t("route.new")}</Button>
      </PageHead>
      {!routes.data ? (
        <Card>{routes.error ? <ErrorNote error={routes.error} retry={() => void routes.refetch()} /> : <Skeleton rows={4} />}</Card>
      ) : routes.data.length === 0 ? (
        <Card>
          <EmptyState icon={Split} title={t("routes.none")} text={t(connected ? "routes.none.text" : "routes.noModels")}>
            {connected ? <Button look="primary" onClick={() => setOpen("new")}>{t("route.new")}</Button> : <Link to="/settings/models" className={buttonClass("primary")}>{t("targets.none.do")}</Link>}
          </EmptyState>
        </Card>
      ) : (
        <ul className="flex flex-col gap-3">{routes.data.map((route) => <RouteRow key={route.id} route={route} onEdit={() => setOpen(route)} />)}</ul>
      )}
      {connected && <DryRunCard />}
      {open && <RouteDialog edited={open === "new" ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
}

function RouteRow({ route, onEdit }: { route: RouteItem; onEdit: () => void }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const words = useConditionWords();
  const { definition } = route;
  const renew = () => Promise.all([queryClient.invalidateQueries({ queryKey: routesKey }), queryClient.invalidateQueries({ queryKey: gatewayKeys.models })]);
  const toggle = useMutation({ mutationFn: () => updateRoute(route.id, { name: route.name, definition, enabled: !route.enabled, version: route.version }), onSettled: renew });
  const put = (change: (items: RouteItem[]) => RouteItem[]) => queryClient.setQueryData(routesQuery.queryKey, (items) => items && change(items));
  const remove = (): void => withUndo({
    text: t("route.removed", { name: route.name }),
    hide: () => put((items) => items.filter((r) => r.id !== route.id)),
    show: () => put((items) => (items.some((r) => r.id === route.id) ? items : [...items, route].toSorted((a, b) => a.name.localeCompare(b.name)))),
    run: async () => {
      await deleteRoute(route.id);
      await renew();
    },
  });
  const weights = definition.strategy === "weighted" || definition.strategy === "least-busy";
  return (
    <li className="rounded-lg border border-line bg-surface-1 p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 text-lg"><Code className="font-semibold">{route.name}</Code>{!route.enabled && <Pill>{t("route.off")}</Pill>}</h2>
          <p className="mt-0.5 text-ink-2">{t(`strategy.${definition.strategy}`)}</p>
        </div>
        <div className="-my-1 flex">
          <IconButton label={t(route.enabled ? "route.pause" : "route.resume", { name: route.name })} disabled={toggle.isPending} onClick={() => toggle.mutate()}>{route.enabled ? <Pause className="size-4.5" aria-hidden="true" /> : <Play className="size-4.5" aria-hidden="true" />}</IconButton>
          <IconButton label={`${common("action.edit")}: ${route.name}`} onClick={onEdit}><Pencil className="size-4.5" aria-hidden="true" /></IconButton>
          <IconButton label={t("route.remove", { name: route.name })} onClick={remove}><Trash2 className="size-4.5" aria-hidden="true" /></IconButton>
        </div>
      </div>
      <ol className="trail mt-3 flex flex-col gap-2 ps-5">
        {definition.targets.map((target, index) => {
          const conditions = words(target);
          return (
            <li key={target.model} className="relative flex flex-wrap items-center gap-x-2 gap-y-1">
              <span aria-hidden="true" className={cx("absolute -start-6 top-1.5 size-2.5 rounded-full ring-4 ring-surface-1", index === 0 && definition.strategy === "priority" ? "bg-accent" : "bg-line-strong")} />
              <Code>{target.model}</Code>
              {weights && <Pill>× <span dir="ltr">{target.weight}</span></Pill>}
              {conditions.map((c) => <span key={c} className="text-sm text-ink-2">{c}</span>)}
            </li>
          );
        })}
      </ol>
      <p className="mt-3 flex flex-wrap gap-1.5">
        <Pill>{t("dry.attempts", { count: definition.maxAttempts })}</Pill>
        {definition.hedge && <Pill>{t("route.hedge")}</Pill>}
        {definition.sticky && <Pill>{t("route.sticky")}</Pill>}
        <Pill>{t(`cache.mode.${(definition.cache?.mode ?? "deterministic") as "off" | "deterministic" | "always"}`)}</Pill>
        {definition.guardrails && definition.guardrails.length > 0 && <Pill tone="jean">{t("guard.count", { count: definition.guardrails.length })}</Pill>}
      </p>
      {route.warnings.length > 0 && <ul className="mt-3 flex flex-col gap-1">{route.warnings.map((warning) => <li key={warning} className="flex gap-2 text-sm text-warn-ink"><TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" /><span dir="auto" lang="en">{warning}</span></li>)}</ul>}
      {toggle.error && <ErrorNote error={toggle.error} className="mt-3" />}
    </li>
  );
}
