import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";

/** One name and one button: makes or renames something of a team. */
export function NameForm({ label, submit, name: before = "", primary = false, save, onSaved }: {
  label: string;
  submit: string;
  /** What it is called now; empty for something new. */
  name?: string;
  primary?: boolean;
  save: (name: string) => Promise<unknown>;
  onSaved: () => unknown;
}) {
  const [name, setName] = useState(before);
  const run = useMutation({ mutationFn: save, onSuccess: () => { if (!before) setName(""); return onSaved(); } });
  const typed = name.trim();
  return (
    <form noValidate className="flex flex-col gap-3" onSubmit={(e) => { e.preventDefault(); if (typed && typed !== before) run.mutate(typed); }}>
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_auto]">
        <TextField label={label} dir="auto" maxLength={80} required value={name} onChange={(e) => setName(e.target.value)} />
        <Button type="submit" look={primary ? "primary" : "quiet"} busy={run.isPending} disabled={!typed || typed === before}>{submit}</Button>
      </div>
      {run.error && <ErrorNote error={run.error} />}
    </form>
  );
}
