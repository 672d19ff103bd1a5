import { createFileRoute } from "@tanstack/react-router";
import { TransferPage } from "@/features/chat/transfer/transfer-page";
import { text } from "@/features/chat/transfer/text";

export const Route = createFileRoute("/_app/chat_/transfer")({ loader: () => text.load(), component: TransferPage });
