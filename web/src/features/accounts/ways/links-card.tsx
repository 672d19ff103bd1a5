import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ExternalLink } from "@/shared/api/types";
import { useCommon } from "@/shared/i18n/common";
import { formatAgo } from "@/shared/i18n/time";
import { withProof } from "@/shared/session/proof";
import { Button } from "@/shared/ui/button";
import { Card } from "@/shared/ui/page";
import { ErrorNote, Skeleton } from "@/shared/ui/states";
import { goTo } from "./go";
import { beginLink, linksQuery, removeLink } from "./queries";
import { useT } from "./text";
import { WhyNot } from "./why-not";

/** The person's accounts elsewhere. Without any provider there is nothing to say. */
export function LinksCard() {
  const t = useT();
  const links = useQuery(linksQuery);
  if (links.data?.items.length === 0) return null;
  return (
    <Card title={t("links")} text={t("links.text")}>
      {links.data ? <ul className="-my-3">{links.data.items.map((link) => <LinkRow key={link.providerId} link={link} />)}</ul>
        : links.error ? <ErrorNote error={links.error} retry={() => void links.refetch()} /> : <Skeleton rows={2} />}
    </Card>
  );
}

function LinkRow({ link }: { link: ExternalLink }) {
  const t = useT();
  const common = useCommon();
  const queryClient = useQueryClient();
  const connect = useMutation({ mutationFn: async () => goTo((await withProof(() => beginLink(link.providerId))).url) });
  const part = useMutation({ mutationFn: () => withProof(() => removeLink(link.providerId)), onSuccess: () => queryClient.invalidateQueries(linksQuery) });
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-40 flex-1">
          <p className="font-medium"><bdi>{link.name}</bdi></p>
          <p className="text-sm break-words text-ink-2">
            {link.label === null ? t("links.not") : <><bdi>{link.label}</bdi> · {link.lastUsedAt ? t("used", { ago: formatAgo(link.lastUsedAt, common) }) : t("used.never")}</>}
          </p>
          {!link.enabled && <p className="text-sm text-warn-ink">{t("links.off")}</p>}
        </div>
        {link.label === null
          ? <Button busy={connect.isPending} aria-label={t("links.connect.name", { name: link.name })} onClick={() => connect.mutate()}>{t("links.connect")}</Button>
          : <Button look="danger" busy={part.isPending} aria-label={t("links.part.name", { name: link.name })} onClick={() => part.mutate()}>{t("links.part")}</Button>}
      </div>
      <WhyNot error={connect.error ?? part.error} className="mt-2" />
    </li>
  );
}
