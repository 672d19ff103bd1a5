import { MessagesSquare } from "lucide-react";
import type { Part } from "@/shared/parts/part";
import { text } from "./text";

export const chatPart: Part = { id: "chat", label: () => text.t("nav.chat"), load: text.load, icon: MessagesSquare, to: "/chat", keys: "g c", onPhone: true };
