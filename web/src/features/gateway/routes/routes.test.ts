import { describe, expect, it } from "vitest";
import type { DryRun, RouteItem } from "@/shared/api/types";
import { exampleFor, readDecision, readRequest, stepsOf } from "./dry-run-view";
import { draftOf, emptyRoute, faultOf, moved, requestOf } from "./route-form";

const definition: RouteItem["definition"] = {
  strategy: "weighted", maxAttempts: 2, deadlineSeconds: 20, firstTokenSeconds: 5, hedge: true, sticky: true, keepBodies: true,
  targets: [
    { model: "harbour/small", weight: 3, thinking: false, when: { minInputTokens: 10, maxInputTokens: 900, modalities: ["image"], tools: true, languages: ["ar"], plans: ["free"], hours: { from: "07:00:00", until: "22:00:00", timeZone: "Europe/Lisbon" } } },
    { model: "dock/large", weight: 1, thinking: null, when: null },
  ],
  cache: { mode: "always", lifetimeSeconds: 60, similarity: 0.95, embeddingModel: "harbour/embed" },
  guardrails: [{ kind: "block", applies: "input", limit: null, data: null, patterns: ["a,b"], words: ["secret"], message: "No." }],
};
const route = (own: Partial<RouteItem> = {}): RouteItem => ({ id: "r1", name: "smart", enabled: true, definition, version: 4, updatedAt: "", warnings: [], ...own });

describe("a route's form", () => {
  it("gives back what it was filled with", () => {
    expect(requestOf(draftOf(route()))).toEqual({ name: "smart", enabled: true, definition });
  });

  it("takes text alone for nothing but text, and no kind at all for all", () => {
    const draft = emptyRoute();
    const target = { ...draft.targets[0]!, model: "a/b" };
    const sent = (modalities: typeof target.modalities) => requestOf({ ...draft, targets: [{ ...target, modalities }] }).definition.targets[0]!.when;
    expect(sent([])).toBeNull();
    expect(sent(["text"])?.modalities).toEqual([]);
    expect(sent(["text", "image"])?.modalities).toEqual(["image"]);
  });

  it("says what is missing before the server is asked", () => {
    expect(faultOf(emptyRoute())).toBe("name");
    expect(faultOf({ ...emptyRoute(), name: "smart" })).toBe("targets");
    expect(faultOf(draftOf(route()))).toBeNull();
  });

  it("moves a line, and not over the edge", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });
});

describe("a dry run", () => {
  it("knows the planner's words, and leaves others as they are", () => {
    expect(readDecision("first in order")).toEqual({ key: "decision.order", resting: 0 });
    expect(readDecision("costs least; 2 resting after failures")).toEqual({ key: "decision.cost", resting: 2 });
    expect(readDecision("the moon was full")).toBeNull();
    expect(readDecision("costs least; and more")).toBeNull();
  });

  it("tells whom the attempts reach", () => {
    const step = (model: string): DryRun["order"][number] => ({ model, provider: "", costMicros: 0, health: {} as DryRun["order"][number]["health"] });
    expect(stepsOf({ order: [step("a"), step("b"), step("c")], maxAttempts: 2 } as DryRun).map((s) => s.standing)).toEqual(["first", "next", "beyond"]);
  });

  it("reads JSON objects only", () => {
    expect(readRequest(exampleFor("chat", "smart"))).toMatchObject({ model: "smart" });
    for (const text of ["", "[]", "null", "{", "7"]) expect(readRequest(text)).toBeNull();
  });
});
