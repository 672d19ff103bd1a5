import { createFileRoute } from "@tanstack/react-router";
import { MarksPage } from "@/features/chat/marks/marks-page";
import { text } from "@/features/chat/marks/text";

export const Route = createFileRoute("/_app/chat_/marks")({ loader: () => text.load(), component: MarksPage });
