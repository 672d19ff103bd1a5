import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Plan, SetPlanRequest } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { plansKey, plansQuery, setPlan } from "./queries";
import { draftOf, requestOf, type PlanDraft } from "./quota";
import { useT } from "./text";
import { Features } from "./usage-page";

/** How much each role may use, for the owner to decide. */
export function PlansPage() {
  const t = useT();
  const plans = useQuery(plansQuery);
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("plans")} />
      <p className="-mt-3 text-ink-2">{t("plans.text")}</p>
      {plans.data
        ? plans.data.items.map((plan) => <PlanCard key={plan.name} plan={plan} />)
        : <Card>{plans.error ? <ErrorNote error={plans.error} retry={() => void plans.refetch()} /> : <Skeleton rows={6} />}</Card>}
    </div>
  );
}

function PlanCard({ plan }: { plan: Plan }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(plan));
  const [wrong, setWrong] = useState<keyof PlanDraft | null>(null);
  const save = useMutation({ mutationFn: (request: SetPlanRequest) => setPlan(plan.name, request), onSettled: () => queryClient.invalidateQueries({ queryKey: plansKey }) });
  const change = (part: Partial<PlanDraft>): void => {
    setDraft({ ...draft, ...part });
    setWrong(null);
    save.reset();
  };
  const field = (name: keyof PlanDraft, step: string) => (
    <TextField
      label={t(`plans.${name}`)} type="number" min={0} step={step} inputMode="decimal" dir="ltr" className="rtl:text-end" placeholder={t("unlimited")} name={name}
      value={draft[name]} onChange={(e) => change({ [name]: e.target.value })} error={wrong === name ? t("plans.wrong") : undefined}
    />
  );
  return (
    <Card title={t(`plan.${plan.name}`)}>
      <form
        noValidate className="flex flex-col gap-4" aria-label={t(`plan.${plan.name}`)}
        onSubmit={(e) => {
          e.preventDefault();
          const request = requestOf(draft);
          if (typeof request !== "string") return save.mutate(request);
          setWrong(request);
          e.currentTarget.querySelector<HTMLElement>(`[name=${request}]`)?.focus();
        }}
      >
        <Features features={plan.features} />
        <div className="grid items-end gap-4 sm:grid-cols-3">{field("requests", "1")}{field("storage", "any")}{field("bandwidth", "any")}</div>
        {save.error && <ErrorNote error={save.error} />}
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" busy={save.isPending}>{common("action.save")}</Button>
          <span role="status" className="text-ok-ink">{save.isSuccess && common("state.saved")}</span>
        </div>
      </form>
    </Card>
  );
}
