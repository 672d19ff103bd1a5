import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { BookHeart, Plus, Search } from "lucide-react";
import { useDeferredValue, useState } from "react";
import type { MemoryState } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/confirm";
import { cx } from "@/shared/ui/cx";
import { Choice, inputClass, Switch } from "@/shared/ui/field";
import { PageTitle } from "@/shared/ui/page";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { projectsQuery } from "../projects/queries";
import { FactDialog } from "./fact-dialog";
import { FactRow } from "./fact-row";
import { clearMemory, memoryQuery, setMemoryOn, settingQuery } from "./queries";
import { useT } from "./text";

const views = ["kept", "proposed", "dismissed", "expired", "forgotten"] as const satisfies readonly (MemoryState | "forgotten")[];

/** What Jean keeps about the person: theirs to accept, change, and have forgotten. */
export function MemoryPage() {
  const t = useT();
  const [adding, setAdding] = useState(false);
  const [clearing, setClearing] = useState(false);
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("title")} />
      <p className="-mt-3 text-ink-2">{t("text")}</p>
      <OnOff />
      <Proposed />
      <Facts onAdd={() => setAdding(true)} />
      <Button look="danger" className="self-start" onClick={() => setClearing(true)}>{t("clear")}</Button>
      {adding && <FactDialog fact={null} onClose={() => setAdding(false)} />}
      {clearing && <Clear onClose={() => setClearing(false)} />}
    </div>
  );
}

function OnOff() {
  const t = useT();
  const setting = useQuery(settingQuery);
  const set = useMutation({ mutationFn: setMemoryOn });
  if (!setting.data) return setting.error ? <ErrorNote error={setting.error} retry={() => void setting.refetch()} /> : <Skeleton rows={1} />;
  return (
    <>
      <Switch label={t("on")} hint={t("on.hint")} checked={set.isPending ? set.variables : setting.data.on} onChange={(on) => set.mutate(on)} />
      {set.error && <ErrorNote error={set.error} />}
    </>
  );
}

/** What waits for a word stands above everything else. */
function Proposed() {
  const t = useT();
  const query = useInfiniteQuery(memoryQuery("proposed", ""));
  const facts = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (facts.length === 0) return null;
  return (
    <section aria-labelledby="memory-proposed">
      <h2 id="memory-proposed" className="mb-2 text-base font-semibold">{t("proposed", { count: facts.length })}</h2>
      <ul className="overflow-hidden rounded-lg border border-jean bg-surface-1">{facts.map((fact) => <FactRow key={fact.id} fact={fact} projectName={null} />)}</ul>
    </section>
  );
}

function Facts({ onAdd }: { onAdd: () => void }) {
  const t = useT();
  const [view, setView] = useState<(typeof views)[number]>("kept");
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(typed.trim());
  const query = useInfiniteQuery(memoryQuery(view, words));
  const projects = useQuery(projectsQuery).data ?? [];
  const facts = query.data?.pages.flatMap((page) => page.items);
  const shown = views.filter((one) => one !== "proposed");
  return (
    <section aria-label={t("facts")} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Choice label={t("view")} hideLabel value={view} onChange={setView} options={shown.map((value) => ({ value, label: t(`view.${value}`) }))} />
        <Button onClick={onAdd}><Plus className="size-4.5" aria-hidden="true" />{t("add")}</Button>
      </div>
      <label className="relative block">
        <Search className="absolute start-3 top-1/2 size-4.5 -translate-y-1/2 text-ink-3" aria-hidden="true" />
        <input type="search" dir={typed ? "auto" : undefined} value={typed} onChange={(e) => setTyped(e.target.value)} aria-label={t("search")} placeholder={t("search")} className={cx(inputClass, "ps-10")} />
      </label>
      {!facts ? query.error ? <ErrorNote error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={4} />
        : facts.length === 0 ? <EmptyState icon={BookHeart} title={t(words ? "none.found" : "none")} {...(words || view !== "kept" ? {} : { text: t("none.text") })} />
        : <ul className="overflow-hidden rounded-lg border border-line bg-surface-1">{facts.map((fact) => <FactRow key={fact.id} fact={fact} projectName={projects.find((one) => one.id === fact.projectId)?.name ?? null} />)}</ul>}
      {query.hasNextPage && <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} className="self-center">{t("more")}</Button>}
    </section>
  );
}

function Clear({ onClose }: { onClose: () => void }) {
  const t = useT();
  const clear = useMutation({ mutationFn: clearMemory, onSuccess: onClose });
  return <ConfirmDialog title={t("clear")} text={t("clear.text")} label={t("clear")} busy={clear.isPending} error={clear.error} onConfirm={() => clear.mutate()} onClose={onClose} />;
}
