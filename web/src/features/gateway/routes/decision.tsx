import { useT } from "../console/text";
import { readDecision } from "./dry-run-view";

/** Why it went, or would go, where it does. */
export function Decision({ decision }: { decision: string }) {
  const t = useT();
  const read = readDecision(decision);
  if (!read) return <span dir="ltr" lang="en">{decision}</span>;
  return <>{t(read.key)}{read.resting > 0 && ` ${t("decision.resting", { count: read.resting })}`}</>;
}
