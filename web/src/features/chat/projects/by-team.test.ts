import { describe, expect, it } from "vitest";
import type { Project } from "@/shared/api/types";
import { byTeam } from "./queries";

const project = (id: string, team?: string): Project => ({
  id, name: id, instructions: "", createdAt: "", updatedAt: "", conversations: 0, role: "edit", workspace: team ? { id: `w ${team}`, name: "Tours", teamName: team } : null,
});

describe("projects", () => {
  it("are one's own first, then those of each workspace, in the order they came", () => {
    const shown = byTeam([project("Boats", "Office"), project("Cats"), project("Docks", "Port"), project("Eels", "Office"), project("Fish")]);
    expect(shown.map(({ team, projects }) => [team, projects.map((one) => one.id)])).toEqual([
      [null, ["Cats", "Fish"]], ["Office › Tours", ["Boats", "Eels"]], ["Port › Tours", ["Docks"]],
    ]);
  });

  it("have no heading where there is none", () => {
    expect(byTeam([])).toEqual([]);
    expect(byTeam([project("Boats", "Office")]).map(({ team }) => team)).toEqual(["Office › Tours"]);
  });
});
