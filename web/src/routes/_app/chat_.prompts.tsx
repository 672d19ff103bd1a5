import { createFileRoute } from "@tanstack/react-router";
import { LibraryPage } from "@/features/chat/templates/library-page";
import { text } from "@/features/chat/templates/text";

export const Route = createFileRoute("/_app/chat_/prompts")({ loader: () => text.load(), component: LibraryPage });
