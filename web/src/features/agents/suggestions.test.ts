import { expect, it } from "vitest";
import type { Skill } from "@/shared/api/types";
import { suggestions } from "./suggestions";

const skill = (id: string, kind: Skill["kind"], ...examples: string[]): Skill => ({ id, kind, name: id, summary: "", examples });

it("suggests one sentence for each task and none of the small talk", () => {
  expect(suggestions([
    skill("greeting", "small-talk", "Hello Jean"),
    skill("arithmetic", "task", "What is 12 * 7?", "square root of 144"),
    skill("silent", "task"),
    skill("summary", "task", "Summarise: (paste a text)"),
    skill("time-now", "task", "What time is it?"),
  ])).toEqual(["What is 12 * 7?", "What time is it?"]);
});
