import { useQuery } from "@tanstack/react-query";
import { Radar } from "lucide-react";
import type { DiscoveredServer, Provider } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Card } from "@/shared/ui/page";
import { ErrorNote } from "@/shared/ui/states";
import { CheckNote } from "./check-note";
import { freeName } from "./presets";
import { discoveredQuery, modelsQuery } from "./queries";
import { useT } from "./text";
import { useConnectFound } from "./use-connect";

const sameServer = (a: string, b: string): boolean => a.replace(/\/+$/, "").replace("//localhost", "//127.0.0.1") === b.replace(/\/+$/, "").replace("//localhost", "//127.0.0.1");

/** Model servers that are running here already: one click each. */
export function Discovered({ providers }: { providers: readonly Provider[] }) {
  const t = useT();
  const found = useQuery(discoveredQuery);
  const servers = found.data?.filter((server) => !providers.some((p) => sameServer(p.baseUrl, server.baseUrl))) ?? [];
  if (servers.length === 0) return null;
  return (
    <Card title={t("discovered")} text={t("discovered.text")} aside={<Radar className="size-5 text-jean-ink" aria-hidden="true" />}>
      <ul className="flex flex-col gap-3">{servers.map((server) => <Server key={server.baseUrl} server={server} names={providers.map((p) => p.name)} />)}</ul>
    </Card>
  );
}

function Server({ server, names }: { server: DiscoveredServer; names: readonly string[] }) {
  const t = useT();
  const models = useQuery(modelsQuery);
  const connect = useConnectFound();
  return (
    <li className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium"><bdi>{server.name}</bdi> <span className="font-normal text-ink-2">· {t("discovered.models", { count: server.models.length })}</span></p>
          <p className="truncate font-mono text-sm text-ink-2 rtl:text-end" dir="ltr">{server.baseUrl}</p>
        </div>
        <Button look="jean" busy={connect.isPending} onClick={() => connect.mutate({ request: { name: freeName(server.name, names), baseUrl: server.baseUrl }, adopt: models.data?.every((m) => m.builtIn) ?? false })}>{t("connect")}</Button>
      </div>
      {connect.data && !connect.data.check.ok && <CheckNote result={connect.data.check} />}
      {connect.error && <ErrorNote error={connect.error} />}
    </li>
  );
}
