import { useMutation, useQuery } from "@tanstack/react-query";
import { CornerDownRight } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/shared/api/error";
import type { DryRun as Result } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Field, SelectField, inputClass } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import { Code, Pill } from "@/shared/ui/pill";
import { ErrorNote, Note } from "@/shared/ui/states";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import { surfaces, type Surface } from "../keys/key-form";
import { modelsQuery } from "../queries";
import { Circuit } from "../watch/targets";
import { Decision } from "./decision";
import { exampleFor, readRequest, stepsOf } from "./dry-run-view";
import { dryRun, routesQuery } from "./queries";
import { plans } from "./route-form";

/** Where a request would go, and why, without sending it. */
export function DryRunCard() {
  const t = useT();
  const routes = useQuery(routesQuery);
  const models = useQuery(modelsQuery);
  const model = routes.data?.find((r) => r.enabled)?.name ?? models.data?.find((m) => !m.builtIn)?.id ?? "smart";
  const [surface, setSurface] = useState<Surface>("chat");
  const [plan, setPlan] = useState("");
  // Until it is touched, the example follows the endpoint and the first route.
  const [typed, setTyped] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const body = typed ?? exampleFor(surface, model);
  const request = readRequest(body);
  const run = useMutation({ mutationFn: () => dryRun(request, surface, plan || null) });
  const ask = (): void => {
    setTried(true);
    if (request) run.mutate();
  };
  return (
    <Card title={t("dry")} text={t("dry.text")}>
      <form noValidate className="grid gap-4 lg:grid-cols-2" onSubmit={(e) => { e.preventDefault(); ask(); }}>
        <Field label={t("dry.request")} error={tried && !request ? t("dry.invalid") : undefined}>
          {({ id, describedBy, invalid }) => (
            <textarea id={id} aria-describedby={describedBy} aria-invalid={invalid} value={body} onChange={(e) => setTyped(e.target.value)} rows={11} dir="ltr" spellCheck={false} autoCapitalize="off" className={cx(inputClass, "py-2 font-mono text-[0.8125rem] leading-6")} />
          )}
        </Field>
        <div className="flex flex-col gap-4">
          <div className="grid grid-cols-2 gap-3">
            <SelectField label={t("call.surface")} value={surface} onChange={(e) => setSurface(e.target.value as Surface)}>{surfaces.map((s) => <option key={s} value={s}>{t(`surface.${s}`)}</option>)}</SelectField>
            <SelectField label={t("dry.plan")} value={plan} onChange={(e) => setPlan(e.target.value)}>
              <option value="">{t("dry.plan.own")}</option>
              {plans.map((p) => <option key={p} value={p}>{t(`plan.${p}`)}</option>)}
            </SelectField>
          </div>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" busy={run.isPending}>{t("dry.ask")}</Button>
            {typed !== null && <Button look="plain" onClick={() => setTyped(null)}>{t("dry.example")}</Button>}
          </div>
          <div aria-live="polite">
            {run.data ? <Answer result={run.data} />
              : isApiError(run.error) && (run.error.status === 400 || run.error.status === 404) ? <Note tone="warn"><p className="font-medium">{t("dry.refused")}</p><p dir="auto">{run.error.problem.detail}</p></Note>
                : run.error && <ErrorNote error={run.error} />}
          </div>
        </div>
      </form>
    </Card>
  );
}

export function Answer({ result }: { result: Result }) {
  const t = useT();
  const amounts = useAmounts();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-2"><Decision decision={result.decision} /></p>
      <ol className="trail flex flex-col gap-3 ps-5">
        {stepsOf(result).map((step) => (
          <li key={step.model} className="relative">
            <span aria-hidden="true" className={cx("absolute -start-6 top-1.5 size-2.5 rounded-full ring-4 ring-surface-1", step.standing === "first" ? "bg-accent" : "bg-line-strong")} />
            <div className={cx("flex flex-wrap items-center gap-x-2 gap-y-1", step.standing === "beyond" && "opacity-70")}>
              <Code className="font-medium">{step.model}</Code>
              <Circuit target={step.health} />
              <span className="ms-auto text-sm text-ink-2">{t(`dry.${step.standing}`)}</span>
            </div>
            <p className="text-sm text-ink-2"><bdi>{step.provider}</bdi>{step.costMicros > 0 && <> · {t("dry.cost")} <span dir="ltr" className="tabular">{amounts.cost(step.costMicros)}</span></>}{step.health.latencyMs !== null && <> · <span dir="ltr" className="tabular">{amounts.ms(step.health.latencyMs)}</span></>}</p>
          </li>
        ))}
      </ol>
      {result.skipped.length > 0 && (
        <section>
          <h3 className="mb-1 text-sm font-medium text-ink-2">{t("dry.skipped")}</h3>
          <ul className="flex flex-col gap-1.5">
            {result.skipped.map((skipped) => <li key={skipped.model} className="flex gap-2 text-sm"><CornerDownRight className="mt-0.5 size-4 shrink-0 text-ink-3 rtl:-scale-x-100" aria-hidden="true" /><span className="min-w-0"><Code>{skipped.model}</Code> <span dir="ltr" lang="en" className="text-ink-2">{skipped.reason}</span></span></li>)}
          </ul>
        </section>
      )}
      <p className="flex flex-wrap gap-1.5">
        <Pill>{t("dry.tokens", { input: amounts.count(result.inputTokens), output: amounts.count(result.outputTokens) })}</Pill>
        <Pill>{t("dry.attempts", { count: result.maxAttempts })}</Pill>
        <Pill>{t(`cache.mode.${result.cacheMode as "off" | "deterministic" | "always"}`)}</Pill>
        {result.guardrails.map((g, i) => <Pill key={`${g.kind} ${i}`} tone="jean">{t(`guard.${g.kind as "max-size" | "mask" | "block"}`)} · {t(`guard.applies.${g.applies as "input" | "output" | "both"}`)}</Pill>)}
      </p>
    </div>
  );
}
