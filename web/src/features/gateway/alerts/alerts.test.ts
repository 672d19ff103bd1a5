import { describe, expect, it } from "vitest";
import type { Alert, AlertRule } from "@/shared/api/types";
import { areSound, changeOf, draftOf, emptyRule, needsSubject, numbersOf, requestOf } from "./alert-form";
import { openAlerts } from "./open-alerts";

const rule: AlertRule = { id: "r1", kind: "latency", subjectKind: "provider", subject: "workshop", threshold: 4_200, windowMinutes: 15, minCalls: 5, enabled: true, createdAt: "", version: 3 };

describe("the numbers of a rule", () => {
  it.each([["20", 20], ["0.1", 0.1], ["100", 100], ["100.1", null], ["0", null], ["", null], ["many", null]] as const)("%j per cent is %s", (percent, threshold) => {
    expect(numbersOf({ ...emptyRule, percent }).threshold).toBe(threshold);
  });
  it.each([["4.2", 4_200], ["0.001", 1], ["0.29", 290], ["3600", 3_600_000], ["3601", null], ["0", null], ["-1", null], [" ", null]] as const)("%j seconds are %s milliseconds", (seconds, threshold) => {
    expect(numbersOf({ ...emptyRule, kind: "latency", seconds }).threshold).toBe(threshold);
  });
  it.each([["10", "20", true], ["1440", "1000000", true], ["1441", "20", false], ["1.5", "20", false], ["10", "0", false], ["", "20", false]] as const)("%j minutes and %j calls: %s", (minutes, calls, sound) => {
    expect(areSound(numbersOf({ ...emptyRule, minutes, calls }))).toBe(sound);
  });
});

describe("a rule's form", () => {
  it("begins with what may be saved", () => {
    expect(areSound(numbersOf(emptyRule))).toBe(true);
    expect(areSound(numbersOf({ ...emptyRule, kind: "latency" }))).toBe(true);
  });

  it("asks for what the server takes", () => {
    const numbers = { threshold: 20, windowMinutes: 10, minCalls: 20 };
    expect(requestOf({ ...emptyRule, subjectKind: "route", subject: " smart " }, numbers)).toEqual({ kind: "errors", subjectKind: "route", subject: "smart", ...numbers });
    expect(requestOf({ ...emptyRule, subject: "left over" }, numbers).subject).toBeNull();
  });

  it("wants to know which one, unless the rule is for all", () => {
    expect(needsSubject({ subjectKind: "route", subject: " " })).toBe(true);
    expect(needsSubject({ subjectKind: "all", subject: "" })).toBe(false);
  });

  it("gives back what it was filled with", () => {
    expect(numbersOf(draftOf(rule))).toEqual({ threshold: 4_200, windowMinutes: 15, minCalls: 5 });
  });

  it("changes only what is changed, and says which version it read", () => {
    expect(changeOf(rule, { enabled: false })).toEqual({ threshold: 4_200, windowMinutes: 15, minCalls: 5, enabled: false, version: 3 });
  });
});

describe("what the owner has not seen", () => {
  const alert = (id: string, more: Partial<Alert>): Alert => ({ id, kind: "errors", ruleId: "r1", limitId: null, subjectKind: "all", subject: "", value: 34, threshold: 20, raisedAt: "2026-03-14T09:30:00Z", endedAt: null, acknowledgedAt: null, ...more });
  const ended = "2026-03-14T09:40:00Z";

  it("is what lasts, and each budget that was reached", () => {
    const budget = alert("b", { kind: "budget", ruleId: null, limitId: "l1", endedAt: ended });
    const shown = openAlerts([alert("a", {}), budget, alert("over", { endedAt: ended }), alert("seen", { acknowledgedAt: ended }), { ...budget, id: "b0", acknowledgedAt: ended }]);
    expect(shown.map((each) => each.alert.id)).toEqual(["a", "b"]);
  });

  it("tells of a budget once, by its newest step", () => {
    const step = (id: string, limitId: string, value: number): Alert => alert(id, { kind: "budget", ruleId: null, limitId, value, threshold: 100, endedAt: ended });
    expect(openAlerts([step("full", "l1", 100), step("other", "l2", 80), step("near", "l1", 80)])).toEqual([
      { alert: step("full", "l1", 100), ids: ["full", "near"] },
      { alert: step("other", "l2", 80), ids: ["other"] },
    ]);
  });
});
