import { useQuery } from "@tanstack/react-query";
import { ArrowUpRight, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { Card, PageTitle } from "@/shared/ui/page";
import { ErrorNote, Note, Skeleton } from "@/shared/ui/states";
import { Mark } from "../mark";
import { systemQuery } from "./queries";
import { useT } from "./text";

export function AboutPage() {
  const t = useT();
  const system = useQuery(systemQuery);
  const link = (href: string, label: string) => (
    <li key={href}>
      <a href={href} target="_blank" rel="noopener" className="flex min-h-row items-center justify-between gap-4 rounded-md px-3 hover:bg-surface-2">
        {label}
        <ArrowUpRight className="size-4 text-ink-3 rtl:-scale-x-100" aria-hidden="true" />
      </a>
    </li>
  );
  return (
    <div className="flex flex-col gap-5">
      <PageTitle title={t("about")} />
      <Card>
        <div className="flex items-center gap-3"><Mark className="size-10" /><span className="text-xl font-semibold tracking-tight">JeanTrail</span></div>
        <div className="mt-4">
          {system.data ? (
            <dl>
              <Line name={t("version")}><span dir="ltr">{system.data.version}</span></Line>
              <Line name={t("runtime")}><span dir="ltr">{system.data.runtime}</span></Line>
              <Line name={t("database")}>{t(`database.${system.data.database}`)}</Line>
            </dl>
          ) : system.error ? <ErrorNote error={system.error} retry={() => void system.refetch()} /> : <Skeleton rows={3} />}
        </div>
      </Card>
      <Card className="p-2!"><ul>{[link("/docs", t("docs")), link("/openapi/v1.json", t("openapi")), link("/health/ready", t("health"))]}</ul></Card>
      <Note tone="plain" icon={ShieldCheck}>{t("privacy")}</Note>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 border-b border-line last:border-0">
      <dt className="text-ink-2">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
