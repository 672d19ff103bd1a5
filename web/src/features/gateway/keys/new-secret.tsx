import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { NewKey } from "@/shared/api/types";
import { Choice } from "@/shared/ui/field";
import { NewSecretPanel } from "@/shared/ui/new-secret";
import { useT } from "../console/text";
import { modelsQuery } from "../queries";
import { matchesPattern } from "./key-form";
import { snippet, snippetKinds, type SnippetKind } from "./snippets";

const kindNames: Record<SnippetKind, string> = { curl: "curl", python: "Python", javascript: "JavaScript" };

export function NewSecret({ made, onDone }: { made: NewKey; onDone: () => void }) {
  const t = useT();
  const [kind, setKind] = useState<SnippetKind>("curl");
  const models = useQuery(modelsQuery);
  const usable = (models.data ?? []).filter((m) => !m.builtIn && made.key.models.some((pattern) => matchesPattern(pattern, m.id)));
  const model = (usable.find((m) => m.isDefault) ?? usable[0])?.id ?? made.key.models.find((m) => !m.endsWith("*")) ?? "provider/model";
  const code = snippet({ kind, baseUrl: `${location.origin}/v1`, secret: made.secret, model, surfaces: made.key.surfaces });
  return (
    <NewSecretPanel
      title={t("secret.title", { name: made.key.name })} text={t("secret.text")} secret={made.secret} copyLabel={t("secret.copy")}
      code={{
        text: code,
        head: <Choice label={t("secret.try")} value={kind} onChange={setKind} options={snippetKinds.map((k) => ({ value: k, label: kindNames[k] }))} />,
        label: kindNames[kind],
        copyLabel: t("secret.copyCode", { kind: kindNames[kind] }),
      }}
      onDone={onDone} doneLabel={t("secret.done")}
    />
  );
}
