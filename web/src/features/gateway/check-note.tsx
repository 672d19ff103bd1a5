import { CircleCheck, TriangleAlert } from "lucide-react";
import type { CheckResult } from "@/shared/api/types";
import { Note } from "@/shared/ui/states";
import { useT } from "./text";

/** What a check found, in one line. */
export function CheckNote({ result }: { result: CheckResult }) {
  const t = useT();
  return (
    <div role="status">
      {result.ok ? (
        <Note tone="ok" icon={CircleCheck}>{t("check.ok", { count: result.models.length, ms: Math.round(result.latencyMs) })}</Note>
      ) : (
        <Note tone="bad" icon={TriangleAlert}>
          <p className="font-medium">{t("check.bad")}</p>
          {result.detail && <p dir="auto">{result.detail}</p>}
        </Note>
      )}
    </div>
  );
}
