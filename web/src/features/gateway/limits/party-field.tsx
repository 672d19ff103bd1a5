import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { SelectField, TextField } from "@/shared/ui/field";
import { ErrorNote } from "@/shared/ui/states";
import { useT } from "../console/text";
import { partiesQuery } from "./queries";

/** A person or a team, found by name. What tells namesakes apart stands beside it. */
export function PartyField({ kind, value, error, onChange }: { kind: "user" | "team"; value: string; error: string | undefined; onChange: (id: string) => void }) {
  const t = useT();
  const [search, setSearch] = useState("");
  const parties = useQuery({ ...partiesQuery(kind, useDeferredValue(search.trim())), placeholderData: keepPreviousData });
  const found = parties.data ?? [];
  const chosen = found.some((party) => party.id === value) ? value : "";
  return (
    <>
      <TextField label={t("limit.party.search")} hint={t(`limit.party.search.${kind}`)} type="search" value={search} dir="auto" autoComplete="off" onChange={(e) => { setSearch(e.target.value); onChange(""); }} />
      <SelectField label={t(`limit.party.${kind}`)} hint={kind === "team" ? t("limit.team.text") : undefined} value={chosen} onChange={(e) => onChange(e.target.value)} error={error}>
        <option value="" disabled>{parties.data?.length === 0 ? t("limit.party.none") : t("limit.party.needed")}</option>
        {found.map((party) => <option key={party.id} value={party.id}>{party.detail ? `${party.name} · ${party.detail}` : party.name}</option>)}
      </SelectField>
      {parties.error && <ErrorNote error={parties.error} retry={() => void parties.refetch()} />}
    </>
  );
}
