import { Ban, CircleCheck, CircleDashed, CircleX, Unplug } from "lucide-react";
import type { CallOutcome } from "@/shared/api/types";
import { Pill, type Tone } from "@/shared/ui/pill";
import { useT } from "../console/text";
import { text } from "../console/text";

export const outcomes: readonly CallOutcome[] = ["running", "completed", "cancelled", "failed", "interrupted"];
const looks: Record<CallOutcome, { tone: Tone; icon: typeof Ban }> = {
  running: { tone: "jean", icon: CircleDashed },
  completed: { tone: "ok", icon: CircleCheck },
  cancelled: { tone: "plain", icon: Ban },
  failed: { tone: "bad", icon: CircleX },
  interrupted: { tone: "warn", icon: Unplug },
};

export function OutcomePill({ outcome }: { outcome: CallOutcome }) {
  const t = useT();
  const { tone, icon: Icon } = looks[outcome];
  return <Pill tone={tone}><Icon className="size-3.5" aria-hidden="true" />{t(`outcome.${outcome}`)}</Pill>;
}

/** What went wrong, in words where there are some, else by its code. */
export function faultWords(code: string | null): string {
  if (code === null) return text.t("fault.none");
  const key = `fault.${code}` as Parameters<typeof text.t>[0];
  const words = text.t(key);
  return words === key ? code : words;
}
