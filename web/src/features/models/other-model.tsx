import { useState } from "react";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { Card } from "@/shared/ui/page";
import type { Wanted } from "./licence-dialog";
import { useT } from "./text";

const hub = /^hf:([^/\s]+\/[^/\s]+)\//;

/** Where the licence of a source can be read: the page of its repository, or where the file lies. */
export function pageOf(source: string): string | null {
  const repository = hub.exec(source)?.[1];
  if (repository) return `https://huggingface.co/${repository}`;
  return source.startsWith("https://") && URL.canParse(source) ? new URL(source).origin : null;
}

/** Any other GGUF file, or an archive of a speech model, by its address. */
export function OtherModel({ onGet }: { onGet: (wanted: Wanted) => void }) {
  const t = useT();
  const [source, setSource] = useState("");
  const [name, setName] = useState("");
  const submit = () => {
    const from = source.trim();
    if (from !== "") onGet({ source: from, name: name.trim() || null, title: name.trim() || (from.split("/").at(-1) ?? from), licence: null, url: pageOf(from), bytes: null });
  };
  return (
    <Card title={t("other")} text={<bdi>{t("other.text")}</bdi>}>
      <form onSubmit={(e) => { e.preventDefault(); submit(); }} className="flex flex-col gap-4">
        <TextField label={t("other.source")} value={source} onChange={(e) => setSource(e.target.value)} required maxLength={2000} dir="ltr" spellCheck={false} autoCapitalize="off" autoComplete="off" className="font-mono text-sm rtl:text-end" />
        <TextField label={t("other.name")} value={name} onChange={(e) => setName(e.target.value)} maxLength={60} pattern="[a-z0-9][a-z0-9.\-]*" dir="ltr" spellCheck={false} autoCapitalize="off" autoComplete="off" className="font-mono text-sm rtl:text-end" />
        <Button type="submit" className="self-start">{t("get")}</Button>
      </form>
    </Card>
  );
}
