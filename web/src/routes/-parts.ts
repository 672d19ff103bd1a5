import { onChatNews } from "@/features/chat/live";
import { chatPart } from "@/features/chat/part";
import { gatewayPart } from "@/features/gateway/nav/part";
import { settingsPart, todayPart } from "@/features/workspace/parts";
import type { LiveListener } from "@/shared/live/live";
import type { Part } from "@/shared/parts/part";

/** The parts of the house that exist, in the order of the rail. A new part is one line here. */
export const parts: readonly Part[] = [todayPart, chatPart, gatewayPart, settingsPart];

/** Each feature turns the server's news into refreshed caches, in its own live.ts. */
export const liveListeners: readonly LiveListener[] = [onChatNews];
