import { createFileRoute } from "@tanstack/react-router";
import { MemoryPage } from "@/features/chat/memory/memory-page";
import { settingQuery } from "@/features/chat/memory/queries";
import { text } from "@/features/chat/memory/text";

export const Route = createFileRoute("/_app/settings/memory")({
  loader: ({ context: { queryClient } }) => {
    queryClient.query(settingQuery).catch(() => undefined);
    return text.load();
  },
  component: MemoryPage,
});
