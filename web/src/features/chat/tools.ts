import { createContext, type ReactNode } from "react";
import type { Message } from "@/shared/api/types";

/** What stands below messages of conversations that are not the server's to change: private ones bring their own. */
export const ToolsContext = createContext<((message: Message) => ReactNode) | null>(null);
