import { createFileRoute } from "@tanstack/react-router";

/** Its page is the chat's, which knows from the address that it is private. */
export const Route = createFileRoute("/_app/chat/private/$privateId")({ component: () => null });
