import type { Skill } from "@/shared/api/types";

/** One sentence to try for each thing Jean can do; small talk needs no suggesting. */
export function suggestions(skills: readonly Skill[]): string[] {
  return skills.filter((skill) => skill.kind === "task").flatMap((skill) => skill.examples.slice(0, 1));
}
