import { MessageSquareText } from "lucide-react";
import { recentConversationsQuery } from "@/features/chat/queries";
import { text as chatText } from "@/features/chat/text";
import { score } from "@/features/workspace/palette/rank";
import { queryClient } from "@/shared/api/query-client";
import type { PaletteSource } from "@/shared/parts/part";

const searched = 200, shown = 8;

const conversations: PaletteSource = {
  id: "conversations",
  title: () => chatText.t("nav.chat"),
  search: async (words) => {
    const { items } = await queryClient.query(recentConversationsQuery(searched));
    return items
      .map((c) => ({ c, rank: score(words, c.title) }))
      .filter(({ rank }) => rank > 0)
      .sort((a, b) => (words ? b.rank - a.rank : 0))
      .slice(0, words ? shown : 4)
      .map(({ c }) => ({ id: c.id, title: c.title, to: `/chat/${c.id}`, icon: MessageSquareText }));
  },
};

/** What the palette can find besides commands. */
export const paletteSources: readonly PaletteSource[] = [conversations];
