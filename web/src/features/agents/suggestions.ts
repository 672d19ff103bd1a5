import type { Skill } from "@/shared/api/types";

const blank = /\(.*\)$/u;

/** One sentence to try for each thing Jean can do: no small talk, and nothing with a blank to fill in, such as "Summarise: (paste a text)". */
export function suggestions(skills: readonly Skill[]): string[] {
  return skills.filter((skill) => skill.kind === "task").flatMap((skill) => skill.examples.filter((example) => !blank.test(example)).slice(0, 1));
}
