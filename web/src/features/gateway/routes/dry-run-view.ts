import type { DryRun } from "@/shared/api/types";

export interface DryStep {
  model: string;
  provider: string;
  costMicros: number;
  health: DryRun["order"][number]["health"];
  /** Asked first; after a failure; or never, because the attempts do not reach so far. */
  standing: "first" | "next" | "beyond";
}

export function stepsOf(result: DryRun): DryStep[] {
  return result.order.map((step, index) => ({ ...step, standing: index === 0 ? "first" : index < result.maxAttempts ? "next" : "beyond" }));
}

const decisions = {
  "first in order": "order", "drawn by weight": "weight", "began to answer soonest of late": "latency", "has the least to do": "busy", "costs least": "cost",
  "kept on the target of its conversation": "sticky", "asked by its own name": "name",
} as const;
export type DecisionKey = `decision.${(typeof decisions)[keyof typeof decisions]}`;

/** The planner's words, taken apart so that they can be said in the person's language; null when they are not known. */
export function readDecision(decision: string): { key: DecisionKey; resting: number } | null {
  const [why, rest] = decision.split("; ", 2);
  const known = Object.entries(decisions).find(([words]) => words === why)?.[1];
  const resting = rest === undefined ? 0 : Number(/^(\d+) resting after failures$/.exec(rest)?.[1] ?? Number.NaN);
  return known && !Number.isNaN(resting) ? { key: `decision.${known}`, resting } : null;
}

/** A request to begin with, for an endpoint and a model. */
export function exampleFor(surface: string, model: string): string {
  const input = "Where is the harbour?";
  const body = surface === "chat" ? { model, messages: [{ role: "user", content: input }], max_tokens: 200 }
    : surface === "images" ? { model, prompt: "A harbour at dawn" }
      : surface === "rerank" ? { model, query: input, documents: ["By the sea.", "On the hill."] }
        : { model, input };
  return JSON.stringify(body, null, 2);
}

/** The request as typed; null when it is not JSON of the right kind. */
export function readRequest(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
