import { useInfiniteQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useDeferredValue, useState } from "react";
import type { Person } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { Button } from "@/shared/ui/button";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { SelectField, TextField } from "@/shared/ui/field";
import { Card, PageTitle } from "@/shared/ui/page";
import { Pill } from "@/shared/ui/pill";
import { EmptyState, ErrorNote, Skeleton } from "@/shared/ui/states";
import { PersonDialog } from "./person-dialog";
import { peopleQuery, roles, type PeopleFilter, type Role } from "./queries";
import { useT } from "./text";

/** Everybody on this server, for those who manage them. */
export function PeoplePage({ permissions, role }: { permissions: readonly string[]; role: string }) {
  const t = useT();
  const [filter, setFilter] = useState<PeopleFilter>({ search: "", role: "" });
  const wanted = useDeferredValue(filter);
  const people = useInfiniteQuery({ ...peopleQuery({ ...wanted, search: wanted.search.trim() }), placeholderData: (before) => before });
  const [open, setOpen] = useState<string | null>(null);
  const items = people.data?.pages.flatMap((page) => page.items);
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("people")} />
      <Card>
        <div role="search" className="grid gap-4 sm:grid-cols-[1fr_12rem]">
          <TextField label={t("people.search")} type="search" dir="auto" maxLength={254} value={filter.search} onChange={(e) => setFilter({ ...filter, search: e.target.value })} />
          <SelectField label={t("role")} value={filter.role} onChange={(e) => setFilter({ ...filter, role: e.target.value as Role | "" })}>
            <option value="">{t("role.all")}</option>
            {roles.map((one) => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
          </SelectField>
        </div>
      </Card>
      <Card>
        {!items ? people.error ? <ErrorNote error={people.error} retry={() => void people.refetch()} /> : <Skeleton rows={4} />
          : items.length === 0 ? <EmptyState icon={Users} title={t("people.none")} text={t("people.none.text")} />
          : <PeopleTable items={items} onOpen={setOpen} />}
      </Card>
      {people.hasNextPage && <Button className="self-center" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>{t("more")}</Button>}
      {open && <PersonDialog id={open} byOwner={role === "owner"} mayImpersonate={permissions.includes("users.impersonate")} onClose={() => setOpen(null)} />}
    </div>
  );
}

function PeopleTable({ items, onOpen }: { items: readonly Person[]; onOpen: (id: string) => void }) {
  const t = useT();
  const common = useCommon();
  const columns: Column<Person>[] = [
    {
      id: "name", label: t("name"), lead: true, cell: (person) => (
        <>
          <bdi>{person.displayName}</bdi>
          <span className="block text-sm font-normal break-all text-ink-2 rtl:text-end" dir="ltr">{person.email}</span>
        </>
      ),
    },
    {
      id: "role", label: t("role"), cell: (person) => (
        <span className="flex flex-wrap gap-1.5">
          <Pill tone={person.role === "owner" || person.role === "admin" ? "jean" : "plain"}>{t(`role.${person.role as Role}`)}</Pill>
          {person.suspendedAt && <Pill tone="bad">{t("suspended")}</Pill>}
        </span>
      ),
    },
    { id: "seen", label: t("seen"), cell: (person) => <span className="text-ink-2">{person.lastSeenAt ? formatAgo(person.lastSeenAt, common) : t("seen.never")}</span> },
    { id: "do", label: t("actions"), bare: true, cell: (person) => <span className="flex justify-end"><Button look="plain" aria-label={t("manage.name", { name: person.displayName })} onClick={() => onOpen(person.id)}>{t("manage")}</Button></span> },
  ];
  return <DataTable label={t("people")} columns={columns} rows={items} keyOf={(person) => person.id} />;
}
