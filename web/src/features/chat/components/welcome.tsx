import { Suspense } from "react";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useT } from "../text";

const InProject = lazyPart(() => import("../projects/in-project"));
const Starters = lazyPart(() => import("../templates/starters"));

/** A new conversation: what one can say to her that works at once. */
export function Welcome({ projectId, examples, onPick }: { projectId: string | null; examples: readonly string[]; onPick: (example: string) => void }) {
  const t = useT();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end px-4 pb-6 sm:px-6">
        <p className="text-2xl font-semibold sm:text-3xl">{t("welcome.title")}</p>
        <p className="mt-2 max-w-prose text-ink-2">{t("welcome.text")}</p>
        {projectId && <Suspense fallback={null}><InProject id={projectId} /></Suspense>}
        <div className="mt-6 flex min-h-24 flex-wrap content-start gap-2" role="group" aria-label={t("welcome.try")}>
          {examples.map((example) => (
            <button key={example} type="button" dir="auto" onClick={() => onPick(example)} className="min-h-10 max-w-full rounded-full border border-line bg-surface-1 px-4 py-1.5 text-start text-sm text-ink-2 transition-colors hover:border-jean hover:text-ink-1 pointer-coarse:min-h-11">{example}</button>
          ))}
        </div>
        <Suspense fallback={null}><Starters /></Suspense>
      </div>
    </div>
  );
}
