import type { AlertRule, AlertSubjectKind, ChangeAlertRuleRequest, CreateAlertRuleRequest } from "@/shared/api/types";

export const ruleKinds = ["errors", "latency"] as const;
export const ruleSubjects = ["all", "route", "provider"] as const;

/** What the form holds; numbers are texts while they are typed. A time is typed in seconds and kept in milliseconds. */
export interface RuleDraft {
  kind: AlertRule["kind"];
  subjectKind: AlertSubjectKind;
  subject: string;
  percent: string;
  seconds: string;
  minutes: string;
  calls: string;
}

export const emptyRule: RuleDraft = { kind: "errors", subjectKind: "all", subject: "", percent: "20", seconds: "5", minutes: "10", calls: "20" };

export const draftOf = (rule: AlertRule): RuleDraft => ({
  kind: rule.kind, subjectKind: rule.subjectKind, subject: rule.subject, minutes: String(rule.windowMinutes), calls: String(rule.minCalls),
  percent: rule.kind === "errors" ? String(rule.threshold) : "", seconds: rule.kind === "latency" ? String(rule.threshold / 1_000) : "",
});

const numberOf = (typed: string): number => (typed.trim() === "" ? Number.NaN : Number(typed));
const within = (value: number, min: number, max: number): number | null => (value >= min && value <= max ? value : null);
const whole = (typed: string, max: number): number | null => {
  const value = numberOf(typed);
  return Number.isInteger(value) ? within(value, 1, max) : null;
};

/** The numbers of a rule; null where what was typed is none that a rule can have. */
export interface RuleNumbers {
  threshold: number | null;
  windowMinutes: number | null;
  minCalls: number | null;
}

export function numbersOf(draft: RuleDraft): RuleNumbers {
  const threshold = draft.kind === "errors" ? within(numberOf(draft.percent), 0.1, 100) : within(Math.round(numberOf(draft.seconds) * 1_000), 1, 3_600_000);
  return { threshold, windowMinutes: whole(draft.minutes, 1_440), minCalls: whole(draft.calls, 1_000_000) };
}

type Sound = { [K in keyof RuleNumbers]: number };
export const areSound = (numbers: RuleNumbers): numbers is Sound => numbers.threshold !== null && numbers.windowMinutes !== null && numbers.minCalls !== null;

export const needsSubject = ({ subjectKind, subject }: Pick<RuleDraft, "subjectKind" | "subject">): boolean => subjectKind !== "all" && !subject.trim();

export const requestOf = (draft: RuleDraft, numbers: Sound): CreateAlertRuleRequest => ({
  kind: draft.kind, subjectKind: draft.subjectKind, subject: draft.subjectKind === "all" ? null : draft.subject.trim(), ...numbers,
});

export const changeOf = (rule: AlertRule, change: Partial<Sound & { enabled: boolean }>): ChangeAlertRuleRequest => ({
  threshold: rule.threshold, windowMinutes: rule.windowMinutes, minCalls: rule.minCalls, enabled: rule.enabled, ...change, version: rule.version,
});
