import { House, Settings } from "lucide-react";
import type { Part } from "@/shared/parts/part";
import { text } from "./text";

export const todayPart: Part = { id: "today", label: () => text.t("nav.today"), load: text.load, icon: House, to: "/", keys: "g t", onPhone: true };
export const settingsPart: Part = { id: "settings", label: () => text.t("nav.settings"), load: text.load, icon: Settings, to: "/settings", keys: "g s", end: true };
