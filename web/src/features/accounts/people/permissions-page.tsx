import { useQuery } from "@tanstack/react-query";
import { Check, Minus } from "lucide-react";
import type { PermissionTable } from "@/shared/api/types";
import { DataTable, type Column } from "@/shared/ui/data-table";
import { Card, PageTitle } from "@/shared/ui/page";
import { Code } from "@/shared/ui/pill";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { permissionsQuery, type Role } from "./queries";
import { useT } from "./text";

type Row = PermissionTable["permissions"][number];
const known = ["server.manage", "users.manage", "users.impersonate", "gateway.manage", "gateway.watch", "audit.read", "images.generate", "tools.run"] as const;

/** Which role may do what; decided in the server's code, so only to be read. */
export function PermissionsPage() {
  const t = useT();
  const table = useQuery(permissionsQuery);
  const word = (name: string): string => (known.some((one) => one === name) ? t(`may.${name as (typeof known)[number]}`) : name);
  const columns: Column<Row>[] = [
    { id: "name", label: t("permission"), lead: true, cell: (row) => <>{word(row.name)}<span className="block"><Code className="font-normal text-ink-2">{row.name}</Code></span></> },
    ...(table.data?.roles ?? []).map((role): Column<Row> => ({
      id: role, label: t(`role.${role as Role}`), cell: (row) => {
        const has = row.roles.includes(role);
        const Icon = has ? Check : Minus;
        return <><Icon className={has ? "size-4.5 text-ok-ink" : "size-4.5 text-ink-3"} aria-hidden="true" /><span className="sr-only">{t(has ? "yes" : "no")}</span></>;
      },
    })),
  ];
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("permissions")} />
      <Card text={t("permissions.text")}>
        {table.data ? <DataTable label={t("permissions")} columns={columns} rows={table.data.permissions} keyOf={(row) => row.name} />
          : table.error ? <ErrorNote error={table.error} retry={() => void table.refetch()} /> : <Skeleton rows={5} />}
      </Card>
    </div>
  );
}
