import { TriangleAlert } from "lucide-react";
import { Button } from "@/shared/ui/button";
import { Disclosure } from "@/shared/ui/disclosure";
import { Code } from "@/shared/ui/pill";
import { Note } from "@/shared/ui/states";
import { useT } from "./text";

/** Models whose calls cost nothing because no pattern holds for them: right for one's own machines, a gap for the rest. */
export function Unpriced({ models, onSet }: { models: readonly string[]; onSet: (model: string) => void }) {
  const t = useT();
  if (models.length === 0) return null;
  return (
    <Note tone="plain" icon={TriangleAlert}>
      <p className="text-ink-1">{t("unpriced", { count: models.length })}</p>
      <Disclosure label={t("unpriced.which")}>
        <ul className="flex max-h-72 flex-col overflow-y-auto">
          {models.map((model) => (
            <li key={model} className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line py-1 last:border-0">
              <Code className="text-ink-1">{model}</Code>
              <Button look="plain" aria-label={t("set.for", { name: model })} onClick={() => onSet(model)}>{t("set")}</Button>
            </li>
          ))}
        </ul>
      </Disclosure>
    </Note>
  );
}
