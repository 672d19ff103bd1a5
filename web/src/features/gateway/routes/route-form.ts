import type { CreateRouteRequest, Guardrail, RouteConditions, RouteItem, RouteStrategy, RouteTargetRule } from "@/shared/api/types";

export const strategies: readonly RouteStrategy[] = ["priority", "weighted", "least-latency", "least-busy", "cheapest"];
export const modalities = ["text", "image", "audio", "file"] as const;
export type Modality = (typeof modalities)[number];
export const languages = ["ar", "ru", "other"] as const;
export const plans = ["owner", "admin", "premium", "free"] as const;
export const dataKinds = ["email", "phone", "card", "iban", "ip", "key"] as const;
export const guardrailKinds = ["max-size", "mask", "block"] as const;
export const cacheModes = ["off", "deterministic", "always"] as const;

/** Numbers are texts while they are typed; empty is "not set". Each row has an id of its own, so that it keeps its fields when it moves. */
export interface TargetDraft {
  id: number;
  model: string;
  weight: string;
  minTokens: string;
  maxTokens: string;
  /** Empty: all. Text alone: nothing but text. */
  modalities: Modality[];
  tools: "any" | "only" | "without";
  languages: (typeof languages)[number][];
  plans: (typeof plans)[number][];
  from: string;
  until: string;
  timeZone: string;
  thinking: "asked" | "on" | "off";
}

export interface GuardrailDraft {
  id: number;
  kind: (typeof guardrailKinds)[number];
  applies: "input" | "output" | "both";
  limit: string;
  data: (typeof dataKinds)[number][];
  patterns: string[];
  words: string[];
  message: string;
}

export interface RouteDraft {
  name: string;
  enabled: boolean;
  strategy: RouteStrategy;
  targets: TargetDraft[];
  maxAttempts: string;
  deadline: string;
  firstToken: string;
  hedge: boolean;
  sticky: boolean;
  cache: (typeof cacheModes)[number];
  lifetime: string;
  similarity: string;
  embeddingModel: string;
  guardrails: GuardrailDraft[];
  keepBodies: boolean;
}

let nextId = 1;
export const newTarget = (model = ""): TargetDraft => ({
  id: nextId++, model, weight: "1", minTokens: "", maxTokens: "", modalities: [], tools: "any", languages: [], plans: [], from: "", until: "", timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, thinking: "asked",
});
export const newGuardrail = (): GuardrailDraft => ({ id: nextId++, kind: "mask", applies: "input", limit: "", data: [], patterns: [], words: [], message: "" });
export const emptyRoute = (): RouteDraft => ({
  name: "", enabled: true, strategy: "priority", targets: [newTarget()], maxAttempts: "3", deadline: "30", firstToken: "", hedge: false, sticky: false,
  cache: "deterministic", lifetime: "3600", similarity: "", embeddingModel: "", guardrails: [], keepBodies: false,
});

const written = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));
const known = <V extends string>(all: readonly V[], values: readonly string[] | null | undefined): V[] => all.filter((v) => values?.includes(v));

export function draftOf({ name, enabled, definition: d }: RouteItem): RouteDraft {
  return {
    name, enabled, strategy: d.strategy, maxAttempts: String(d.maxAttempts), deadline: String(d.deadlineSeconds), firstToken: written(d.firstTokenSeconds), hedge: d.hedge, sticky: d.sticky, keepBodies: d.keepBodies,
    // A route without a word about its cache has the server's own default.
    cache: known(cacheModes, [d.cache?.mode ?? "deterministic"])[0] ?? "off", lifetime: String(d.cache?.lifetimeSeconds ?? 3600), similarity: written(d.cache?.similarity), embeddingModel: d.cache?.embeddingModel ?? "",
    targets: d.targets.map((target) => ({
      ...newTarget(target.model), weight: String(target.weight), minTokens: written(target.when?.minInputTokens), maxTokens: written(target.when?.maxInputTokens),
      modalities: target.when?.modalities ? known(modalities, ["text", ...target.when.modalities]) : [], tools: target.when?.tools === true ? "only" : target.when?.tools === false ? "without" : "any",
      languages: known(languages, target.when?.languages), plans: known(plans, target.when?.plans), from: clock(target.when?.hours?.from), until: clock(target.when?.hours?.until),
      ...(target.when?.hours ? { timeZone: target.when.hours.timeZone } : {}), thinking: target.thinking === true ? "on" : target.thinking === false ? "off" : "asked",
    })),
    guardrails: (d.guardrails ?? []).map((step) => ({
      ...newGuardrail(), kind: known(guardrailKinds, [step.kind])[0] ?? "mask", applies: known(["input", "output", "both"] as const, [step.applies])[0] ?? "both",
      limit: written(step.limit), data: known(dataKinds, step.data), patterns: step.patterns ?? [], words: step.words ?? [], message: step.message ?? "",
    })),
  };
}

/** 07:00:00 is 07:00. */
const clock = (time: string | undefined): string => time?.slice(0, 5) ?? "";
const number = (text: string): number | null => (text.trim() === "" ? null : Number(text));
const some = <V>(values: readonly V[]): V[] | null => (values.length > 0 ? [...values] : null);

function conditionsOf(t: TargetDraft): RouteConditions | null {
  const when: RouteConditions = {
    minInputTokens: number(t.minTokens), maxInputTokens: number(t.maxTokens),
    modalities: t.modalities.length > 0 ? t.modalities.filter((m) => m !== "text") : null,
    tools: t.tools === "any" ? null : t.tools === "only",
    languages: some(t.languages), plans: some(t.plans),
    hours: t.from && t.until ? { from: `${t.from}:00`, until: `${t.until}:00`, timeZone: t.timeZone.trim() } : null,
  };
  return Object.values(when).every((value) => value === null) ? null : when;
}

const targetOf = (t: TargetDraft): RouteTargetRule => ({ model: t.model.trim(), weight: number(t.weight) ?? 1, when: conditionsOf(t), thinking: t.thinking === "asked" ? null : t.thinking === "on" });

/** Each kind of step keeps only what it uses. */
const guardrailOf = (g: GuardrailDraft): Guardrail => ({
  kind: g.kind, applies: g.applies, limit: g.kind === "max-size" ? number(g.limit) : null, data: g.kind === "mask" ? some(g.data) : null,
  patterns: g.kind === "max-size" ? null : some(g.patterns), words: g.kind === "max-size" ? null : some(g.words), message: g.kind === "mask" ? null : g.message.trim() || null,
});

export function requestOf(d: RouteDraft): CreateRouteRequest {
  const similar = number(d.similarity);
  return {
    name: d.name.trim(), enabled: d.enabled,
    definition: {
      strategy: d.strategy, targets: d.targets.map(targetOf), maxAttempts: number(d.maxAttempts) ?? 3, deadlineSeconds: number(d.deadline) ?? 30, firstTokenSeconds: number(d.firstToken), hedge: d.hedge, sticky: d.sticky, keepBodies: d.keepBodies,
      cache: { mode: d.cache, lifetimeSeconds: number(d.lifetime) ?? 3600, similarity: d.cache === "off" ? null : similar, embeddingModel: d.cache === "off" || similar === null ? null : d.embeddingModel.trim() || null },
      guardrails: d.guardrails.length > 0 ? d.guardrails.map(guardrailOf) : null,
    },
  };
}

export type DraftFault = "name" | "targets";

/** What is missing before the server needs to be asked. */
export function faultOf(d: RouteDraft): DraftFault | null {
  if (!d.name.trim()) return "name";
  return d.targets.length === 0 || d.targets.some((t) => !t.model.includes("/")) ? "targets" : null;
}

/** A list with one of its items a place up or down. */
export function moved<V>(items: readonly V[], index: number, by: 1 | -1): V[] {
  const to = index + by;
  if (to < 0 || to >= items.length) return [...items];
  const next = [...items];
  [next[index], next[to]] = [next[to]!, next[index]!];
  return next;
}
