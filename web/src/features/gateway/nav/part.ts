import { Waypoints } from "lucide-react";
import type { Part } from "@/shared/parts/part";
import { text } from "./text";

export const gatewayPart: Part = { id: "gateway", label: () => text.t("nav.gateway"), load: text.load, icon: Waypoints, to: "/gateway", keys: "g w" };
