import type { Citation } from "@/shared/api/types";
import { useT } from "../text";

/** Where an answer comes from, along the trail. */
export function Citations({ citations }: { citations: readonly Citation[] }) {
  const t = useT();
  if (citations.length === 0) return null;
  return (
    <aside aria-label={t("sources")} className="trail mt-4 ps-4">
      <ol className="flex flex-col gap-2 text-sm">
        {citations.map((citation, i) => (
          <li key={i} className="relative">
            <span aria-hidden="true" className="absolute -start-[1.2rem] top-1.5 size-2 rounded-full border-2 border-jean bg-surface-0" />
            <p className="font-medium" dir="auto"><span className="me-1.5 text-ink-3 tabular-nums">{i + 1}</span>{citation.title}</p>
            {citation.quote && <blockquote dir="auto" className="mt-0.5 line-clamp-3 text-ink-2">{citation.quote}</blockquote>}
          </li>
        ))}
      </ol>
    </aside>
  );
}
