import { useMutation } from "@tanstack/react-query";
import { UserRoundCog } from "lucide-react";
import type { Session } from "@/shared/api/types";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { describeError } from "@/shared/api/error";
import { Button } from "@/shared/ui/button";
import { enterAs } from "./acting";
import { endImpersonation } from "./queries";
import { useT } from "./text";

/** Says on every page that somebody is not who they seem to be, and leads back. */
export function ActingBanner({ session }: { session: Session }) {
  const t = useT();
  const locale = useLocale();
  const end = useMutation({ mutationFn: async () => enterAs(await endImpersonation(), "/settings/people") });
  return (
    <section aria-label={t("acting.label")} className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 bg-warn-soft px-4 py-1 text-sm font-medium text-warn-ink">
      <UserRoundCog className="size-4 shrink-0" aria-hidden="true" />
      <span>{t("acting", { actor: session.impersonation?.actorName ?? "", name: session.user.displayName, time: formatDate(session.expiresAt, locale, { timeStyle: "short" }) })}</span>
      <Button busy={end.isPending} onClick={() => end.mutate()}>{t("acting.end")}</Button>
      {end.error && <span role="alert">{describeError(end.error)}</span>}
    </section>
  );
}
