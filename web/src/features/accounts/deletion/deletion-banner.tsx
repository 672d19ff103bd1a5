import { useMutation } from "@tanstack/react-query";
import { UserRoundX } from "lucide-react";
import { describeError } from "@/shared/api/error";
import { formatDate } from "@/shared/i18n/format";
import { useLocale } from "@/shared/i18n/locale";
import { Button } from "@/shared/ui/button";
import { useSessionAnew } from "./deletion-cards";
import { keepAccount } from "./queries";
import { useT } from "./text";

/** Says on every page that the account is going to be erased, and how to keep it. */
export function DeletionBanner({ at }: { at: string }) {
  const t = useT();
  const locale = useLocale();
  const keep = useMutation({ mutationFn: keepAccount, onSettled: useSessionAnew() });
  return (
    <section aria-label={t("banner.label")} className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 bg-warn-soft px-4 py-1 text-sm font-medium text-warn-ink">
      <UserRoundX className="size-4 shrink-0 max-sm:hidden" aria-hidden="true" />
      <span className="max-sm:text-center">{t("banner", { date: formatDate(at, locale, { dateStyle: "long" }) })}</span>
      <Button busy={keep.isPending} onClick={() => keep.mutate()}>{t("keep")}</Button>
      {keep.error && <span role="alert">{describeError(keep.error)}</span>}
    </section>
  );
}
