import type { Project } from "@/shared/api/types";
import { byTeam } from "./queries";

/** Projects to choose from, those of a team under its name. */
export function ProjectOptions({ projects }: { projects: readonly Project[] }) {
  return byTeam(projects).map(({ team, projects: of }) => {
    const options = of.map((project) => <option key={project.id} value={project.id}>{project.name}</option>);
    return team === null ? options : <optgroup key={team} label={team}>{options}</optgroup>;
  });
}
