import type { NewApiKey } from "@/shared/api/types";
import { NewSecretPanel } from "@/shared/ui/new-secret";
import { firstCall } from "./key-form";
import { useT } from "./text";

export function NewSecret({ made, onDone }: { made: NewApiKey; onDone: () => void }) {
  const t = useT();
  return (
    <NewSecretPanel
      title={t("secret.title", { name: made.key.name })} text={t("secret.text")} secret={made.secret} copyLabel={t("secret.copy")}
      code={{ text: firstCall(location.origin, made.secret), head: <h3 className="text-sm font-medium">{t("secret.try")}</h3>, label: t("secret.try"), copyLabel: t("secret.copyCode") }}
      onDone={onDone} doneLabel={t("secret.done")}
    />
  );
}
