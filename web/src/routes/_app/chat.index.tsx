import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_app/chat/")({
  // Which project the conversation that is begun here is to be in.
  validateSearch: (search: Record<string, unknown>): { project?: string } => (typeof search["project"] === "string" ? { project: search["project"] } : {}),
  component: () => null,
});
