import type { RouteTargetRule } from "@/shared/api/types";
import { useAmounts } from "@/shared/i18n/amounts";
import { useT } from "../console/text";
import type { languages, modalities, plans } from "./route-form";

/** When a target may be chosen, in a few short phrases. */
export function useConditionWords(): (target: RouteTargetRule) => string[] {
  const t = useT();
  const amounts = useAmounts();
  return ({ when, thinking }) => {
    const words: string[] = [];
    const min = when?.minInputTokens ?? null, max = when?.maxInputTokens ?? null;
    if (min !== null && max !== null) words.push(t("when.between", { min: amounts.count(min), max: amounts.count(max) }));
    else if (min !== null) words.push(t("when.min", { min: amounts.count(min) }));
    else if (max !== null) words.push(t("when.max", { max: amounts.count(max) }));
    if (when?.tools === true) words.push(t("target.tools.only"));
    if (when?.tools === false) words.push(t("target.tools.without"));
    if (when?.modalities) words.push(["text", ...when.modalities].map((m) => t(`modality.${m as (typeof modalities)[number]}`)).join(t("list.separator")));
    if (when?.languages && when.languages.length > 0) words.push(when.languages.map((l) => t(`script.${l as (typeof languages)[number]}`)).join(t("list.separator")));
    if (when?.plans && when.plans.length > 0) words.push(when.plans.map((p) => t(`plan.${p as (typeof plans)[number]}`)).join(t("list.separator")));
    if (when?.hours) words.push(t("when.hours", { from: when.hours.from.slice(0, 5), until: when.hours.until.slice(0, 5), zone: when.hours.timeZone }));
    if (thinking !== null) words.push(t(thinking ? "target.thinking.on" : "target.thinking.off"));
    return words;
  };
}
